"""`python -m benchmarks million`: first read of a very long history, then a thousand changes on top."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import contenders
from benchmarks.contenders import SYNC
from benchmarks.report import Part, Section
from benchmarks.serving import Served, served
from benchmarks.stopwatch import Measured, block_figures, measured_process

TITLE = "A million incidents and five million alerts"
EXPLANATION = (
    "Our sync alone, as a process of its own each time; records of the sizes that the other tables "
    "have, made while they are served: one week repeated under other ids and times, so that a "
    "file of as many different texts is larger. A thousand of each list then change, nine of ten "
    "of them among the newest twentieth. After each sync the tables were compared with what was "
    "served: every id, every time of creation, every change."
)
COLUMNS = ("sync", "rows", "CPU s", "inside", "wall s", "peak MB", "file MB", "requests")
SERVER = "benchmarks.million.server"
WEEK = 4_000


@dataclass(frozen=True, slots=True)
class Step:
    """One sync."""

    title: str
    rows: int
    process: Measured
    inside: Measured
    file_mb: float
    requests: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes, so that it can be tried with less."""
    parser.add_argument("--incidents", type=int, default=1_000_000, help="of the long history")
    parser.add_argument("--alerts", type=int, default=5_000_000, help="of the long history")
    parser.add_argument("--small", type=int, default=20_000, help="incidents of the small history")
    parser.add_argument("--week", type=int, default=WEEK, help="incidents a week")
    parser.add_argument("--changes", type=int, default=1_000, help="of each list")


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """Both histories, one after the other."""
    if options.changes > min(options.small, options.incidents, options.alerts):
        raise SystemExit("There are fewer incidents or alerts than --changes asks to change.")
    parts: list[Part] = []
    changes: list[Step] = []
    ratio = options.alerts / options.incidents
    for incidents in (options.small, options.incidents):
        with tempfile.TemporaryDirectory(prefix="rootly-assets-million-") as name:
            alerts = round(incidents * ratio)
            say(f"serving {incidents:,} incidents and {alerts:,} alerts")
            with served(
                Path(name),
                incidents=incidents,
                alerts=alerts,
                module=SERVER,
                options=["--week", str(min(options.week, incidents))],
            ) as server:
                sizes = server.record_bytes
                steps = syncs(server, Path(name), incidents, alerts, options.changes, say)
        changes.append(steps[-1])
        heading = (
            f"{incidents:,} incidents of {sizes['incidents'] / 1000:.1f} kB and "
            f"{alerts:,} alerts of {sizes['alerts'] / 1000:.1f} kB"
        )
        parts.append(Part(heading, COLUMNS, [_cells(each) for each in steps], _verdicts(steps)))
    return Section(TITLE, EXPLANATION, [*parts, _compared(changes)])


def syncs(
    server: Served,
    folder: Path,
    incidents: int,
    alerts: int,
    changes: int,
    say: Callable[[str], None],
) -> list[Step]:
    """First read, nothing changed, and changes: each verified."""
    where = folder / "runs" / SYNC.name
    contenders.prepare(SYNC, where)
    steps: list[Step] = []
    for title, changed in (("first read", 0), ("nothing changed", 0), ("changes", changes)):
        if changed:
            server.told(f"change {changed}")
        server.requests()
        process = measured_process(
            contenders.command(SYNC, server, where),
            folder=where,
            environment=contenders.environment(SYNC, server, where),
        )
        inside = block_figures(where)
        assert inside is not None, "our sync measures itself"
        database = where / SYNC.output
        steps.append(
            Step(
                title=f"{changed:,} changes of each" if changed else title,
                rows=2 * changed or (0 if steps else incidents + alerts),
                process=process,
                inside=inside,
                file_mb=database.stat().st_size / 1e6,
                requests=sum(server.requests().values()),
            )
        )
        say(f"{steps[-1].title}: {process.cpu_seconds:.1f} CPU s, {process.peak_mb:,.0f} MB")
        verify(database, server.truth, incidents, alerts, changed)
    return steps


def verify(database: Path, truth: Path, incidents: int, alerts: int, changed: int) -> None:
    """Compare the tables with what was served.

    Raises:
        RuntimeError: they differ.
    """
    command = [sys.executable, "-m", "benchmarks.million.verification"]
    command += ["--database", str(database), "--truth", str(truth)]
    command += ["--incidents", str(incidents), "--alerts", str(alerts), "--changed", str(changed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"Something else was loaded than served: {done.stderr.strip()}")


def _cells(step: Step) -> tuple[str, ...]:
    return (
        step.title,
        f"{step.rows:,}",
        f"{step.process.cpu_seconds:,.1f}",
        f"{step.inside.cpu_seconds:,.1f}",
        f"{step.process.seconds:,.1f}",
        f"{step.process.peak_mb:,.0f}",
        f"{step.file_mb:,.0f}",
        f"{step.requests:,}",
    )


def _verdicts(steps: list[Step]) -> list[str]:
    peak = max(each.process.peak_mb for each in steps)
    return [f"{peak:,.0f} MB at most (aim: under 1,000)"]


def _compared(changes: list[Step]) -> Part:
    small, large = changes
    columns = ("the same changes", "CPU s inside", "wall s inside", "peak MB", "requests")
    rows = [
        (
            f"on {name}",
            f"{each.inside.cpu_seconds:,.1f}",
            f"{each.inside.seconds:,.1f}",
            f"{each.process.peak_mb:,.0f}",
            f"{each.requests:,}",
        )
        for name, each in (("the small file", small), ("the large file", large))
    ]
    ratio = large.inside.cpu_seconds / small.inside.cpu_seconds
    return Part(
        "What a history costs", columns, rows, [f"{ratio:.1f} times the CPU (aim: the same)"]
    )
