"""`python -m benchmarks destinations`: the same lists into PostgreSQL and into Parquet files."""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.bench import verified_apart
from benchmarks.contenders import SYNC, TUNED, Contender, command, environment
from benchmarks.destinations.places import TITLES, Places, places
from benchmarks.report import Part, Section, beside
from benchmarks.serving import Served, served
from benchmarks.stopwatch import Measured, block_figures, measured_process

TITLE = "Into other warehouses"
COLUMNS = ("way in", "CPU s", "inside", "wall s", "rows/s", "peak MB")
EXPLANATION = (
    "CPU seconds are those of the process that loads, imports and start-up included; “inside” is the "
    "work alone; what PostgreSQL's server takes shows in wall time only. In parentheses, how many times "
    "less that is than dlt takes, which is fed with the same JSON records: typed columns, pages of 100, "
    "merged on id (in files: appended). Medians of all runs, memory the worst. Every run's rows were "
    "compared with what was served, id by id and value by value, before its figures counted."
)
WAYS_IN = (SYNC, TUNED)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: the whole process, its work alone, and the rows that it brought."""

    process: Measured
    inside: Measured
    rows: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes, and where to."""
    parser.add_argument("--incidents", type=int, default=5_000, help="how many are served")
    parser.add_argument("--alerts", type=int, default=12_500, help="how many are served")
    parser.add_argument("--runs", type=int, default=3, help="of each way in; medians count")
    parser.add_argument(
        "--destinations", nargs="+", choices=list(TITLES), default=list(TITLES), help="where to"
    )


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """Run both ways in, in turns, into each destination.

    Raises:
        RuntimeError: a run failed, or brought something other than what was served.
    """
    kept: dict[tuple[str, Contender], list[Run]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="rootly-assets-bench-") as name,
        places(tuple(options.destinations)) as empty,
        served(Path(name), incidents=options.incidents, alerts=options.alerts) as server,
    ):
        for number in range(options.runs):
            for destination in options.destinations:
                for contender in WAYS_IN:
                    run = _run(
                        contender, destination, server, Path(name) / "runs" / contender.name, empty
                    )
                    kept.setdefault((destination, contender), []).append(run)
                    say(
                        f"run {number + 1} of {options.runs}, {contender.title} into "
                        f"{TITLES[destination]}: {run.process.cpu_seconds:.1f} CPU s"
                    )
    parts = [
        Part(
            f"{TITLES[destination]}: {options.incidents:,} incidents and {options.alerts:,} alerts",
            COLUMNS,
            _rows({contender: kept[destination, contender] for contender in WAYS_IN}),
        )
        for destination in options.destinations
    ]
    return Section(TITLE, EXPLANATION, parts)


def _run(
    contender: Contender, destination: str, server: Served, folder: Path, empty: Places
) -> Run:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    place = empty.empty(destination, folder)
    into = ["--destination", destination] if contender is TUNED else []
    process = measured_process(
        [*command(contender, server, folder), *into],
        folder=folder,
        environment={**environment(contender, server, folder), **place},
    )
    inside = block_figures(folder)
    assert inside is not None, "both ways in measure their work"
    rows = verified_apart(
        contender,
        "benchmarks.destinations.verification",
        ["--truth", str(server.truth)],
        place,
    )
    return Run(process, inside, sum(rows.values()))


def _rows(runs: Mapping[Contender, Sequence[Run]]) -> list[tuple[str, ...]]:
    def cpu(of: Sequence[Run]) -> float:
        return median(run.process.cpu_seconds for run in of)

    def inside(of: Sequence[Run]) -> float:
        return median(run.inside.cpu_seconds for run in of)

    other = runs[TUNED]
    return [
        (
            contender.title,
            beside(cpu(of), cpu(other)),
            beside(inside(of), inside(other)),
            f"{median(run.process.seconds for run in of):.1f}",
            f"{of[0].rows / median(run.process.seconds for run in of):,.0f}",
            f"{max(run.process.peak_mb for run in of):,.0f}",
        )
        for contender, of in runs.items()
    ]
