"""The terminal summary: how much was read, and the headline metrics of the last 90 days."""

from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from rootly_assets.settings import database_path
from rootly_assets.warehouse.duckdb import DuckDBWarehouse

METRICS = (
    ("MTTD", "detection"),
    ("MTTA", "acknowledge"),
    ("MTTM", "mitigation"),
    ("MTTR", "resolution"),
)

LOADED = """
SELECT count(*) FILTER (loaded_at IS NOT NULL), max(synced_at) FROM _rootly_sync
"""

TABLES = """
SELECT table_name, estimated_size FROM duckdb_tables() WHERE schema_name = 'rootly'
"""


def print_summary(console: Console, *, requests: int, seconds: float) -> None:
    """Print what was read and the metrics of the last 90 days.

    Args:
        console: where to print.
        requests: HTTP requests that the reading took.
        seconds: wall time of everything.
    """
    warehouse = DuckDBWarehouse(database=str(database_path()))
    with warehouse.get_connection() as connection:
        lists, synced_at = _row(connection, LOADED)
        rows = sum(size for _, size in connection.execute(TABLES).fetchall())
        result = connection.execute(
            "SELECT * FROM marts.incident_metrics_last_90_days "
            "WHERE population = 'strict' ORDER BY is_total DESC, severity_position"
        )
        names = [column[0] for column in result.description]
        metrics = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    console.print()
    console.print(
        f"[bold]{rows:,}[/bold] rows from [bold]{lists}[/bold] lists in [bold]{requests}[/bold] requests, "
        f"[bold]{seconds:.0f} s[/bold] in all; as of {synced_at:%Y-%m-%d %H:%M} UTC",
        highlight=False,
    )
    console.print(_table(metrics))
    console.print(
        "Counted: incidents that needed a response (no tests, examples, cancelled, duplicates); "
        "n: with both times; cover: n of those that should have them.",
        style="dim",
        width=100,
    )
    console.print(f"\nDuckDB file  [bold]{_short(database_path())}[/bold]", highlight=False)
    console.print(
        "Next         make demo-ui    the same in the Dagster UI: assets, lineage, checks"
    )
    console.print("             ROOTLY_API_TOKEN=… make dev    your own workspace")


def _table(metrics: list[dict[str, Any]]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        title="Incident metrics, last 90 days",
        title_justify="left",
        title_style="bold",
        pad_edge=False,
    )
    table.add_column("severity")
    table.add_column("incidents", justify="right")
    table.add_column("")
    for heading in ("median", "p90", "mean", "n", "cover"):
        table.add_column(heading, justify="right")
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


def duration(seconds: float | None) -> str:
    """A duration in its two largest units: `45 s`, `12 min`, `3 h 05 min`, `2 d 4 h`; a dash for none."""
    if seconds is None:
        return "–"
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    minutes = round(total / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02d} min"
    days, hours = divmod(round(total / 3600), 24)
    return f"{days} d {hours} h"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _row(connection: Any, query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = connection.execute(query).fetchone()
    return row


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
