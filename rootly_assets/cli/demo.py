"""The demo: a sample workspace, served locally, brought through the whole project and summed up."""

import os
import time
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console

from rootly_assets import settings
from rootly_assets.cli.dagster_home import check_home, have_home
from rootly_assets.cli.ports import is_free
from rootly_assets.cli.refusal import refused
from rootly_assets.cli.stopping import StoppedBy
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.workspace import TIME_ZONE

FOLDER = Path("data/demo")
PAGES_PER_MINUTE = 30_000  # the sandbox is nobody else's: no need to wait for a minute's allowance


def run_demo(
    console: Console, stopped_by: StoppedBy, *, incidents: int, ui: bool, port: int
) -> int:
    """Serve a sample workspace, run `rootly_refresh` on it as production would, print a summary.

    One at a time: each begins with a new file.

    Args:
        console: where to print.
        stopped_by: tells whether somebody has asked to stop.
        incidents: size of the workspace; everything else in it scales with that.
        ui: open the Dagster UI on the result and keep the workspace served until Ctrl-C.
        port: where the UI listens, on loopback.

    Raises:
        NotConfigured: a setting that the demo leaves alone is invalid.
    """
    if ui and not is_free(console, "demo", port):
        return 1
    folder = FOLDER.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        alone = FileLock(folder / ".lock").acquire(timeout=0)
    except Timeout:
        why = f"another one is under way in {FOLDER}: wait for its end, or end it by Ctrl-C."
        return refused(console, "demo", why)
    with alone:
        return _demonstrate(console, stopped_by, folder, incidents=incidents, ui=ui, port=port)


def _demonstrate(
    console: Console,
    stopped_by: StoppedBy,
    folder: Path,
    *,
    incidents: int,
    ui: bool,
    port: int,
) -> int:
    began = time.monotonic()
    console.print("[bold]rootly-assets demo[/bold]  a sample Rootly workspace on this machine")
    workspace = Workspace.build(incidents=incidents)
    with serve(workspace, requests_per_minute=PAGES_PER_MINUTE) as server:
        console.print(f"  · workspace served at {server.url}", highlight=False)
        _point_environment_at(server.url, server.token, folder / "warehouse.duckdb")
        settings.check()
        check_home()
        have_home()

        # Imported now: definitions take their settings from the environment.
        from rootly_assets.cli.jobs import run_job_by_name
        from rootly_assets.cli.other_runs import wait_for_others
        from rootly_assets.cli.summary import print_summary

        # Each demo has a workspace of its own: rows of the last one would not be its rows. A run in its UI may
        # still be writing them.
        wait_for_others(console)
        (folder / "warehouse.duckdb").unlink(missing_ok=True)
        status = run_job_by_name(console, "rootly_refresh", stopped_by)
        if status == 0:  # else the last lines above say what is missing
            print_summary(console, requests=len(server.requests), seconds=time.monotonic() - began)
        if ui and status == 0:
            from rootly_assets.cli.ui import open_ui

            status = open_ui(console, stopped_by, port=port)
    return status


def _point_environment_at(url: str, token: str, database: Path) -> None:
    os.environ.update(
        {
            "ROOTLY_API_URL": url,
            "ROOTLY_API_TOKEN": token,
            "ROOTLY_REQUESTS_PER_MINUTE": str(PAGES_PER_MINUTE),
            # Whatever the destination is: sample data must not mix with real data.
            "ROOTLY_DESTINATION": "duckdb",
            "ROOTLY_EXECUTOR": "in_process",
            "ROOTLY_DUCKDB_PATH": str(database),
            "ROOTLY_TIME_ZONE": TIME_ZONE.key,
        }
    )
    os.environ.pop("ROOTLY_LANDING_DIR", None)
