"""Reads the command line and says by its exit status what happened.

0: all well; 1: something failed; 130: stopped by Ctrl-C; 143: by SIGTERM.
"""

import argparse
import signal
from pathlib import Path

from rich.console import Console

from rootly_assets.arguments import whole_number
from rootly_assets.cli.refusal import refused
from rootly_assets.cli.stopping import StoppedBy, listening

JOBS = {
    "sync": ("rootly_sync", "read what changed in Rootly into the raw tables"),
    "metrics": ("rootly_metrics", "build and test the metrics from the raw tables"),
    "refresh": ("rootly_refresh", "both"),
}


# What jobs that read can be asked for, as run config knows it too.
CONFIG = ("full_refresh", "sweep", "since", "until")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = _parser().parse_args(arguments)
    console = Console()

    # Imported here and in what follows: --help answers at once, the demo sets its environment first.
    from rootly_assets.errors import NotConfigured

    with listening() as stopped_by:
        try:
            return _carry_out(console, options, stopped_by)
        except NotConfigured as error:
            job_name, _ = JOBS.get(options.command, (options.command, ""))
            return refused(console, job_name, str(error))
        except KeyboardInterrupt:
            goes_on = (
                " Committed rows are kept; the next run resumes there."
                if options.command in JOBS
                else ""
            )
            console.print(
                f"[yellow]![/yellow] {options.command} was stopped.{goes_on}", soft_wrap=True
            )
            return 128 + (stopped_by() or signal.SIGINT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rootly-assets",
        description="Own your Rootly data: every list as a table, and incident metrics, through Dagster.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, text) in JOBS.items():
        job = commands.add_parser(name, help=text)
        if name != "metrics":
            job.add_argument("--full-refresh", action="store_true", help="read every list whole")
            job.add_argument("--sweep", action="store_true", help="look for deletions as well")
            job.add_argument("--since", help="read again what changed since this time")
            job.add_argument("--until", help="… and until this time")
        if name == "sync":
            job.add_argument(
                "tables", nargs="*", metavar="TABLE", help="a table to read, of the others none"
            )
    demo = commands.add_parser(
        "demo", help="all of it on a local sample workspace, no account needed"
    )
    demo.add_argument(
        "--incidents", type=whole_number(0), default=400, help="size of the sample workspace"
    )
    demo.add_argument("--ui", action="store_true", help="open the Dagster UI on it afterwards")
    dev = commands.add_parser("dev", help="open the Dagster UI on your workspace")
    dashboard = commands.add_parser("dashboard", help="look at it in the browser; reads only")
    notebook = commands.add_parser("notebook", help="a notebook to start from, in the browser")
    notebook.add_argument("path", nargs="?", type=Path, default=Path("rootly_notebook.py"))
    port = whole_number(1, 65535)
    for page, usual in ((demo, 3000), (dev, 3000), (dashboard, 2718), (notebook, 2719)):
        page.add_argument("--port", type=port, default=usual, help="where it listens, on loopback")
    for page in (dashboard, notebook):
        page.add_argument("--headless", action="store_true", help="open no browser")
    docs = commands.add_parser("docs", help="write the models' documentation as one HTML page")
    docs.add_argument("path", nargs="?", type=Path, help="beside the DuckDB file by default")
    return parser


def _carry_out(console: Console, options: argparse.Namespace, stopped_by: StoppedBy) -> int:
    if options.command == "demo":
        from rootly_assets.cli.demo import run_demo

        return run_demo(
            console, stopped_by, incidents=options.incidents, ui=options.ui, port=options.port
        )
    from rootly_assets.cli.preflight import check, obstacle

    config = {key: getattr(options, key) for key in CONFIG if hasattr(options, key)}
    tables = getattr(options, "tables", [])
    check(config, tables)
    if options.command == "dev":
        from rootly_assets.cli.ui import become_ui

        return become_ui(console, port=options.port)
    if options.command == "dashboard":
        from rootly_assets.cli.pages import open_dashboard

        return open_dashboard(console, port=options.port, headless=options.headless)
    if options.command == "notebook":
        from rootly_assets.cli.pages import open_notebook

        return open_notebook(console, options.path, port=options.port, headless=options.headless)
    if options.command == "docs":
        from rootly_assets.cli.docs import write_docs

        return write_docs(console, options.path)
    from rootly_assets.cli.dagster_home import have_home
    from rootly_assets.cli.other_runs import wait_for_others

    have_home()
    job_name, _ = JOBS[options.command]
    wait_for_others(console)
    if found := obstacle(reads=options.command != "metrics"):
        return refused(console, job_name, found)
    from rootly_assets.cli.jobs import run_job_by_name

    return run_job_by_name(console, job_name, stopped_by, config, tables)
