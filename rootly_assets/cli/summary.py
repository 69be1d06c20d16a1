"""The terminal summary: how much was read, and the headline metrics of the last 90 days."""

from pathlib import Path
from typing import Any, cast

from rich import box
from rich.console import Console
from rich.table import Table

from rootly_assets.charts.durations import duration
from rootly_assets.installation import command, in_checkout
from rootly_assets.settings import database_path, lists, report_path
from rootly_assets.sql import quoted
from rootly_assets.sync.shaping.columns import DELETED_AT
from rootly_assets.warehouse.destination import configured_source
from rootly_assets.warehouse.reading import Session

METRICS = (
    ("MTTD", "detection"),
    ("MTTA", "acknowledge"),
    ("MTTM", "mitigation"),
    ("MTTR", "resolution"),
)

# The days end with the sync of incidents, as those of the mart; where these were never read, with any.
LOADED = """
SELECT count(*), coalesce(max(CASE WHEN table_name = 'incidents' THEN synced_at END), max(synced_at))
FROM rootly._rootly_sync WHERE synced_at IS NOT NULL
"""

PARITY = """
SELECT count(CASE WHEN agrees THEN 1 END), count(agrees),
    count(DISTINCT CASE WHEN agrees IS NOT NULL THEN panel_id END)
FROM marts.panel_parity
"""

METRICS_90_DAYS = """
SELECT * FROM marts.incident_metrics_last_90_days
WHERE population = 'strict' ORDER BY is_total DESC, severity_position NULLS LAST, severity_name
"""


def print_summary(console: Console, *, requests: int, seconds: float) -> None:
    """Print what was read and the metrics of the last 90 days.

    Args:
        console: where to print.
        requests: HTTP requests that the reading took.
        seconds: wall time of everything.
    """
    with configured_source().open() as session:
        loaded, synced_at = _row(session, LOADED)
        rows = sum(_row(session, _count(each.table))[0] for each in lists())
        agreement = _row(session, PARITY)
        result = session.execute(METRICS_90_DAYS)
        names = [column[0] for column in result.description or []]
        metrics = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    console.print()
    console.print(
        f"[bold]{rows:,}[/bold] rows of [bold]{loaded}[/bold] lists in [bold]{requests:,}[/bold] requests; "
        f"[bold]{seconds:.0f} s[/bold] with metrics\n",
        highlight=False,
    )
    console.print(f"[bold]Incident metrics[/bold], 90 days to {synced_at:%Y-%m-%d %H:%M} UTC")
    console.print(_table(metrics))
    console.print(
        "Counted are incidents that needed a response: no tests, examples, cancelled ones or "
        "duplicates; sub-incidents count too. n: incidents with both times; cover: their share of those that "
        "should have them.",
        style="dim",
    )
    agreeing, numbers, panels = agreement
    console.print(
        f"[bold]{agreeing:,}[/bold] of {numbers:,} numbers in {panels} panels of Rootly's own dashboards "
        "are the same here.",
        highlight=False,
    )
    console.print(f"\nDuckDB file  [bold]{_short(database_path())}[/bold]", highlight=False)
    console.print(f"Report       [bold]{_short(report_path())}[/bold]", highlight=False)
    ui = f"{command('demo')}{'-ui' if in_checkout() else ' --ui'}"
    console.print(
        f"Next         {ui}    the same in the Dagster UI: assets, lineage, checks",
        highlight=False,
    )
    console.print(f"             ROOTLY_API_TOKEN=… {command('dev')}    your own workspace")


def _table(metrics: list[dict[str, Any]]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("severity", no_wrap=True)
    table.add_column("incidents", justify="right")
    table.add_column("")
    for heading in ("median", "p90", "mean", "n", "cover"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in metrics:
        for index, (label, prefix) in enumerate(METRICS):
            first = index == 0
            table.add_row(
                str(row["severity_name"]) if first else "",
                f"{row['incident_count']:,}" if first else "",
                label,
                *(
                    duration(row[f"{prefix}_time_{kind}_seconds"])
                    for kind in ("median", "p90", "mean")
                ),
                str(row[f"{prefix}_time_n"]),
                _share(row[f"{prefix}_time_coverage"]),
                end_section=index == len(METRICS) - 1,
            )
    return table


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _count(table: str) -> str:
    return f"SELECT count(*) FROM rootly.{quoted(table)} WHERE {DELETED_AT} IS NULL"


def _row(session: Session, query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = cast("Any", session.execute(query).fetchone())
    return row


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
