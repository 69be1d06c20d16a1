"""`python -m benchmarks latency`: how long the whole workspace takes where each request takes its time."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks import contenders
from benchmarks.contenders import DAGSTER
from benchmarks.report import Part, Section
from benchmarks.server import REQUESTS_PER_MINUTE
from benchmarks.stopwatch import Measured, measured_process
from benchmarks.workspace import SEED
from rootly_assets.sandbox import Server, Workspace, serve

TITLE = "Every list, far away"
EXPLANATION = (
    "The job `rootly_sync`, a Dagster process from start to end, reads all lists of a sandbox that "
    "waits before each answer; then once more, with nothing changed. Fewest is how long the "
    "requests alone would take, with as many under way as there are at most."
)
JOB = [
    "-m",
    "dagster",
    "job",
    "execute",
    "-m",
    "rootly_assets.raw_definitions",
    "-j",
    "rootly_sync",
]
WARM_UP = 10  # incidents
COLUMNS = (
    "sync",
    "lists of the whole workspace",
    "rows",
    "requests",
    "fewest s",
    "wall s",
    "CPU s",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One run of the job.

    Attributes:
        title: which.
        process: of the whole process.
        requests: that were answered.
        lists: how many different paths they asked for, those below a record left out.
        rows: in all raw tables.
    """

    title: str
    process: Measured
    requests: int
    lists: int
    rows: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Size and latency."""
    parser.add_argument("--incidents", type=int, default=2_000, help="of the company")
    parser.add_argument("--latency", type=float, default=0.2, help="seconds before each answer")


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """A first read, then one with nothing changed."""
    say(f"making a company of {options.incidents:,} incidents")
    workspace = Workspace.build(seed=SEED, incidents=options.incidents)
    alerts = len(workspace.records("alerts"))
    with tempfile.TemporaryDirectory(prefix="rootly-assets-latency-") as name:
        folder = Path(name) / "runs" / DAGSTER.name
        contenders.prepare(DAGSTER, folder)
        # What a first start makes and later ones find there is not of the sync.
        say("warming up")
        with _served(Workspace.build(seed=SEED, incidents=WARM_UP), latency=0.0) as server:
            run(server, folder, "warming up")
        for output in folder.glob(f"{DAGSTER.output}*"):
            output.unlink()
        with _served(workspace, latency=options.latency) as server:
            steps: list[Step] = []
            for title in ("first read", "nothing changed"):
                steps.append(run(server, folder, title))
                say(f"{title}: {steps[-1].process.seconds:.1f} s")
    concurrency = int(os.environ.get("ROOTLY_CONCURRENCY", "16"))
    heading = (
        f"{options.incidents:,} incidents and {alerts:,} alerts with all that belongs to them, "
        f"{options.latency * 1000:.0f} ms a request, {concurrency} under way at a time"
    )
    cells = [_cells(each, options.latency / concurrency) for each in steps]
    return Section(TITLE, EXPLANATION, [Part(heading, COLUMNS, cells)])


def _served(workspace: Workspace, *, latency: float) -> AbstractContextManager[Server]:
    return serve(workspace, requests_per_minute=REQUESTS_PER_MINUTE, latency=latency)


def run(server: Server, folder: Path, title: str) -> Step:
    """Run the job once."""
    server.forget_requests()
    process = measured_process(
        [sys.executable, *JOB],
        folder=folder,
        environment=contenders.environment(DAGSTER, server, folder),
    )
    paths = [each.path for each in server.requests]
    return Step(
        title=title,
        process=process,
        requests=len(paths),
        lists=len({path for path in paths if path.count("/") == 2}),
        rows=rows(folder / DAGSTER.output),
    )


def rows(database: Path) -> int:
    """How many rows the raw tables have together."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "SELECT sum(estimated_size) FROM duckdb_tables() "
            "WHERE schema_name = 'rootly' AND NOT starts_with(table_name, '_')"
        ).fetchone()
    return int(found[0]) if found else 0


def _cells(step: Step, seconds_a_request: float) -> tuple[str, ...]:
    return (
        step.title,
        f"{step.lists:,}",
        f"{step.rows:,}",
        f"{step.requests:,}",
        f"{step.requests * seconds_a_request:.1f}",
        f"{step.process.seconds:.1f}",
        f"{step.process.cpu_seconds:.1f}",
    )
