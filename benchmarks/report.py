"""The results for people: a table in the terminal, and the same in `RESULTS.md`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.bench import Results, Summary
from benchmarks.contenders import DAGSTER, SYNC, TUNED
from benchmarks.machine import described

RESULTS = Path(__file__).with_name("RESULTS.md")
COLUMNS = ("way in", "CPU s", "inside", "wall s", "rows/s", "peak MB", "file MB", "requests")
EXPLANATION = (
    "CPU seconds are user and system time of the whole process, imports and start-up included; "
    "“inside” is the work alone, measured in the process around its one call; in parentheses, how "
    "many times less that is than the tuned loader takes for the same tables. Medians of all runs, "
    "memory and requests the worst of all. Every run's tables were compared with what was served, "
    "id by id and value by value, before its figures counted."
)


def print_results(console: Console, results: Results) -> None:
    """Print one size's table."""
    table = Table(title=headline(results), title_justify="left", title_style="bold")
    for number, name in enumerate(COLUMNS):
        table.add_column(name, justify="left" if number == 0 else "right")
    for row in rows(results.summaries):
        table.add_row(*row)
    console.print(table)
    for line in verdicts(results):
        console.print(f"  {line}", highlight=False)


def write_results(results: Sequence[Results], command: str) -> Path:
    """Write `RESULTS.md`; returns where it is."""
    lines = [
        "# Measured",
        "",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}. {EXPLANATION}",
        "",
        *(f"- {name}: {value}" for name, value in described()),
        "",
    ]
    for each in results:
        lines += [f"## {headline(each)}", "", *_markdown(COLUMNS, rows(each.summaries)), ""]
        lines += [*(f"- {line}" for line in verdicts(each)), ""]
    RESULTS.write_text("\n".join(lines).rstrip() + "\n")
    return RESULTS


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
            _beside(each.cpu_seconds, tuned and tuned.cpu_seconds),
            _beside(each.cpu_inside, tuned and tuned.cpu_inside),
            f"{each.seconds:.1f}",
            f"{each.rows_per_second:,.0f}",
            f"{each.peak_mb:,.0f}",
            f"{each.database_mb:,.0f}",
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


def _beside(cpu: float | None, other: float | None) -> str:
    if cpu is None:
        return ""
    return f"{cpu:.1f} ({other / cpu:.1f}×)" if other else f"{cpu:.1f}"


def _markdown(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in header[1:])]
    return [f"| {' | '.join(line)} |" for line in (header, rule, *cells)]
