"""Opens the dashboard on the warehouse, or on that of the demo where there is no other yet."""

import os
import sys
from importlib.resources import files
from importlib.util import find_spec

from rich.console import Console

from rootly_assets.cli.demo import FOLDER
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets.settings import database_path, destination


def open_dashboard(console: Console, *, port: int, headless: bool) -> int:
    """Become the dashboard, until Ctrl-C; returns only where it can't, with the exit status.

    Args:
        console: where to print.
        port: where it listens, on loopback.
        headless: open no browser.
    """
    if find_spec("marimo") is None:
        console.print(
            "[red]✗ dashboard[/red]: it needs marimo: pip install 'rootly-assets\\[app]'",
            highlight=False,
        )
        return 1
    if destination() == "duckdb" and not _has_file(console):
        return 1
    console.print(f"The dashboard opens at [bold]http://127.0.0.1:{port}[/bold]; Ctrl-C ends it.")
    page = str(files("rootly_assets.app") / "dashboard.py")
    command = [sys.executable, "-m", "marimo", "-q", "run", page, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-token", *(["--headless"] if headless else [])]
    sys.stdout.flush()
    # In place of this process, so that whoever ends it ends the dashboard.
    return os.execv(sys.executable, command)  # noqa: S606 - it is our own interpreter


def _has_file(console: Console) -> bool:
    """Whether there is a DuckDB file to look at; the demo's, if there is no other."""
    database = database_path()
    sample = (FOLDER / "warehouse.duckdb").absolute()
    if not database.exists() and sample.exists():
        console.print(
            f"There is no {os.path.relpath(database)} yet: this is the sample of `make demo`."
        )
        os.environ["ROOTLY_DUCKDB_PATH"] = str(sample)
        os.environ.setdefault("ROOTLY_TIME_ZONE", TIME_ZONE.key)
    elif not database.exists():
        console.print(
            f"[red]✗ dashboard[/red]: there is no DuckDB file at {os.path.relpath(database)}. "
            "`make refresh` makes it, `make demo` a sample; ROOTLY_DUCKDB_PATH names another.",
            highlight=False,
            soft_wrap=True,
        )
        return False
    return True
