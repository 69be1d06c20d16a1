"""Reads the command line and says by its exit status what happened.

0: all well; 1: something failed; 130: stopped by Ctrl-C; 143: by SIGTERM.
"""

import argparse
import signal
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from rootly_assets.cli.stopping import StoppedBy, listening

JOBS = {
    "sync": ("rootly_sync", "read what changed in Rootly into the raw tables"),
    "metrics": ("rootly_metrics", "build and test the metrics from the raw tables"),
    "refresh": ("rootly_refresh", "both"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m rootly_assets",
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
    demo = commands.add_parser(
        "demo", help="all of it on a local sample workspace, no account needed"
    )
    demo.add_argument("--incidents", type=int, default=400, help="size of the sample workspace")
    demo.add_argument("--ui", action="store_true", help="open the Dagster UI on it afterwards")
    dashboard = commands.add_parser("dashboard", help="look at it in the browser; reads only")
    dashboard.add_argument("--port", type=int, default=2718, help="where it listens, on loopback")
    dashboard.add_argument("--headless", action="store_true", help="open no browser")
    notebook = commands.add_parser("notebook", help="a notebook to start from, in the browser")
    notebook.add_argument("path", nargs="?", type=Path, default=Path("rootly_notebook.py"))
    notebook.add_argument("--port", type=int, default=2719, help="where it listens, on loopback")
    notebook.add_argument("--headless", action="store_true", help="open no browser")
    docs = commands.add_parser("docs", help="write the models' documentation as one HTML page")
    docs.add_argument("path", nargs="?", type=Path, help="beside the DuckDB file by default")
    options = parser.parse_args(arguments)
    console = Console()
    with listening() as stopped_by:
        try:
            return _carry_out(console, options, stopped_by)
        except KeyboardInterrupt:
            goes_on = (
                " What it had committed stands; the next run goes on from there."
                if options.command in JOBS
                else ""
            )
            console.print(
                f"[yellow]![/yellow] {options.command} was stopped.{goes_on}", soft_wrap=True
            )
            return 128 + (stopped_by() or signal.SIGINT)


def _carry_out(console: Console, options: argparse.Namespace, stopped_by: StoppedBy) -> int:
    # Imported here: --help answers at once, and the demo sets its environment first.
    if options.command == "demo":
        from rootly_assets.cli.demo import run_demo

        return run_demo(console, stopped_by, incidents=options.incidents, ui=options.ui)
    if options.command == "dashboard":
        from rootly_assets.cli.pages import open_dashboard

        return open_dashboard(console, port=options.port, headless=options.headless)
    if options.command == "notebook":
        from rootly_assets.cli.pages import open_notebook

        return open_notebook(console, options.path, port=options.port, headless=options.headless)
    if options.command == "docs":
        from rootly_assets.cli.docs import write_docs

        return write_docs(console, options.path)
    from rootly_assets.cli.other_runs import wait_for_others
    from rootly_assets.cli.preflight import obstacle

    job_name, _ = JOBS[options.command]
    wait_for_others(console)
    if found := obstacle(reads=options.command != "metrics"):
        console.print(f"[red]✗ {job_name}[/red]: {escape(found)}", highlight=False, soft_wrap=True)
        return 1
    from rootly_assets.cli.jobs import run_job_by_name

    return run_job_by_name(
        console,
        job_name,
        stopped_by,
        full_refresh=getattr(options, "full_refresh", False),
        sweep=getattr(options, "sweep", False),
        since=getattr(options, "since", None),
        until=getattr(options, "until", None),
    )
