"""Parity as an asset: every number of Rootly's dashboards beside ours, as a table and as a check."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from rootly_assets.assets.pools import pool
from rootly_assets.assets.report import GROUP
from rootly_assets.assets.specs import BUILT, FRESHNESS, PART
from rootly_assets.panels.parity import Comparison
from rootly_assets.panels.stored import NAMES_OF_PRIVATE, PANELS, compare_all
from rootly_assets.settings import destination, owners, time_zone
from rootly_assets.warehouse.interface import Warehouse
from rootly_assets.warehouse.reading import Translating

READ = (
    ("intermediate", "int_rootly__panel_measures"),
    ("intermediate", "int_rootly__panel_attributes"),
    ("intermediate", "int_rootly__panel_keyed_attributes"),
    ("staging", "stg_rootly__dashboards"),
    ("staging", "stg_rootly__dashboard_panels"),
    ("staging", "stg_rootly__incidents"),
    ("staging", "stg_rootly__syncs"),
)
NAME = "panel_parity"
MOST_SHOWN = 100

TABLE = "marts.panel_parity"
COLUMNS = {
    "panel_id": "varchar",
    "dashboard": "varchar",
    "panel": "varchar",
    "series": "varchar",
    "label": "varchar",
    "ours": "double precision",
    "rootly": "double precision",
    "n": "bigint",
    "agrees": "boolean",
    "reason": "varchar",
}


def parity_asset() -> dg.AssetsDefinition:
    """The comparison, as the environment is now."""
    return dg.asset(
        name=NAME,
        group_name=GROUP,
        deps=[dg.AssetKey(key) for key in READ],
        check_specs=[
            dg.AssetCheckSpec(
                "panels_agree",
                asset=NAME,
                description="Every number of every panel that can be computed here is the one Rootly computed.",
            )
        ],
        owners=owners(),
        tags={PART: BUILT},
        freshness_policy=FRESHNESS,
        kinds={destination()},
        pool=pool(NAME),
        description="Every number of the workspace's dashboards as Rootly computed it, beside the same number "
        "from these models, with the likely reason where they differ (table marts.panel_parity).",
    )(_panel_parity)


def _panel_parity(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.MaterializeResult[Any]]:
    """Compile each panel, compare, and replace the table in one transaction."""
    source = warehouse.reading()
    with source.open() as session:
        asked = Translating(session, source)
        panels = asked.execute(PANELS).fetchall()
        rows = list(compare_all(panels, asked, time_zone=time_zone()))
        private = {
            name: f"Private incident {number}"
            for name, number in asked.execute(NAMES_OF_PRIVATE).fetchall()
        }
    warehouse.replace_table(
        TABLE, COLUMNS, ([getattr(row, name) for name in COLUMNS] for row in rows)
    )
    differing = [row for row in rows if row.agrees is False]
    left_out = [row for row in rows if row.agrees is None]
    said = (
        f"{len(panels) - len(left_out)} panels, {len(rows) - len(left_out)} numbers: "
        f"{len(differing)} differ; {len(left_out)} panels could not be compared"
    )
    context.log.info(f"parity: {said}")
    yield dg.MaterializeResult(
        metadata={
            "panels": len(panels),
            "numbers": len(rows) - len(left_out),
            "differ": len(differing),
            "not compared": len(left_out),
            **({"left out": _table(left_out, private)} if left_out else {}),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="panels_agree",
                # To have compared nothing proves nothing.
                passed=not differing and len(left_out) < max(len(panels), 1),
                severity=dg.AssetCheckSeverity.WARN,
                description=said,
                metadata=_differences(differing, private),
            )
        ],
    )


def _differences(rows: Sequence[Comparison], private: Mapping[str, str]) -> dict[str, Any]:
    if not rows:
        return {}
    # What follows the colon is of one number: the table has it.
    reasons = Counter(str(row.reason).partition(":")[0] for row in rows)
    told = "\n".join(f"- {count} × {reason}" for reason, count in reasons.most_common())
    return {"likely reasons": dg.MetadataValue.md(told), "differences": _table(rows, private)}


def _table(rows: Sequence[Comparison], private: Mapping[str, str]) -> dg.TableMetadataValue:
    """The first rows as a table; the rest is in marts.panel_parity.

    Args:
        rows: what to show.
        private: what to call private incidents, by the names that Rootly gives them.
    """
    shown = ("dashboard", "panel", "series", "label", "ours", "rootly", "reason")
    records = [
        dg.TableRecord(
            {name: getattr(row, name) for name in shown}
            | {"label": private.get(row.label or "", row.label)}
        )
        for row in rows[:MOST_SHOWN]
    ]
    kinds = {"ours": "float", "rootly": "float"}
    columns = [dg.TableColumn(name, kinds.get(name, "string")) for name in shown]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(columns))
