"""`python -m benchmarks loaders`: the way in beside generic loaders, in the same run."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import contenders
from benchmarks.bench import Results, Summary, bench
from benchmarks.contenders import DAGSTER, SYNC, TUNED
from benchmarks.report import Part, Section, beside

TITLE = "The way in, beside generic loaders"
COLUMNS = ("way in", "CPU s", "inside", "wall s", "rows/s", "peak MB", "file MB", "requests")
EXPLANATION = (
    "CPU seconds are user and system time of the whole process, imports and start-up included; "
    "“inside” is the work alone, measured in the process around its one call; in parentheses, how "
    "many times less that is than the tuned loader takes for the same tables. Medians of all runs, "
    "memory and requests the worst of all. Every run's tables were compared with what was served, "
    "id by id and value by value, before its figures counted. airbyte-cdk only reads: its file is "
    "what it prints, and all the work of a destination is still to be done."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes, and who runs."""
    names = ",".join(each.name for each in contenders.ALL)
    parser.add_argument("--incidents", type=int, default=20_000, help="how many are served")
    parser.add_argument("--alerts", type=int, default=50_000, help="how many are served")
    parser.add_argument("--runs", type=int, default=3, help="of each contender; medians count")
    parser.add_argument("--contenders", default=names, help=f"who runs, of {names}")
    parser.add_argument(
        "--tenfold", action="store_true", help="our own again at ten times the size, for memory"
    )


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """Run all contenders, then our own at ten times the size if asked to."""
    chosen = contenders.named(options.contenders)
    with tempfile.TemporaryDirectory(prefix="rootly-assets-bench-") as folder:
        results = [
            bench(
                Path(folder),
                incidents=options.incidents,
                alerts=options.alerts,
                runs=options.runs,
                chosen=chosen,
                say=say,
            )
        ]
        if options.tenfold:
            results.append(
                bench(
                    Path(folder),
                    incidents=10 * options.incidents,
                    alerts=10 * options.alerts,
                    runs=1,
                    chosen=[each for each in chosen if each.layout == "ours"],
                    warm_up=False,
                    say=say,
                )
            )
    return section(results)


def section(results: Sequence[Results]) -> Section:
    """The results as they are reported, one table a size."""
    parts = [
        Part(headline(each), COLUMNS, rows(each.summaries), verdicts(each)) for each in results
    ]
    return Section(TITLE, EXPLANATION, parts)


def headline(results: Results) -> str:
    """What was served."""
    sizes = results.record_bytes
    return (
        f"{results.incidents:,} incidents of {sizes['incidents'] / 1000:.1f} kB and "
        f"{results.alerts:,} alerts of {sizes['alerts'] / 1000:.1f} kB"
    )


def rows(summaries: Sequence[Summary]) -> list[tuple[str, ...]]:
    """The table's cells."""
    tuned = next((each for each in summaries if each.contender is TUNED), None)
    return [
        (
            each.contender.title,
            beside(each.cpu_seconds, tuned and tuned.cpu_seconds),
            beside(each.cpu_inside, tuned and tuned.cpu_inside),
            f"{each.seconds:.1f}",
            f"{each.rows_per_second:,.0f}",
            f"{each.peak_mb:,.0f}",
            f"{each.output_mb:,.0f}",
            f"{each.requests:,}",
        )
        for each in summaries
    ]


def verdicts(results: Results) -> list[str]:
    """What was asked of the project, and whether this run shows it."""
    by_contender = {each.contender: each for each in results.summaries}
    tuned = by_contender.get(TUNED)
    found: list[str] = []
    sync, whole = by_contender.get(SYNC), by_contender.get(DAGSTER)
    if tuned and sync and sync.cpu_inside and tuned.cpu_inside:
        ratio = tuned.cpu_inside / sync.cpu_inside
        found.append(f"the sync itself takes {ratio:.1f} times less CPU (aim: 12)")
    if tuned and whole:
        ratio = tuned.cpu_seconds / whole.cpu_seconds
        found.append(f"the whole Dagster process takes {ratio:.1f} times less CPU (aim: 7)")
    for each in filter(None, (sync, whole)):
        found.append(
            f"{each.contender.title}: {each.peak_mb:,.0f} MB at most (aim: 500), "
            f"{each.requests:,} requests (aim: {results.most_requests:,} or fewer)"
        )
    return found
