"""The report as an asset: one HTML file beside the warehouse, its first chart on the asset's page."""

import base64
import os
from typing import Any

import dagster as dg

from rootly_assets.assets.pools import pool
from rootly_assets.assets.specs import BUILT, FRESHNESS, PART
from rootly_assets.settings import owners, report_path, time_zone
from rootly_assets.warehouse.interface import Warehouse
from rootly_assets.warehouse.reading import DatasetError

NAME = "rootly_report"
GROUP = "reports"

READ = (
    ("marts", "fct_incidents"),
    ("marts", "fct_alerts"),
    ("marts", "bridge_incident_dimensions"),
    ("marts", "bridge_alert_dimensions"),
    ("intermediate", "int_rootly__on_call_days"),
    ("marts", "fct_interruptions"),
    ("marts", "fct_action_items"),
    ("marts", "fct_retrospectives"),
    ("staging", "stg_rootly__alert_events"),
    ("staging", "stg_rootly__users"),
)


def report_asset() -> dg.AssetsDefinition:
    """The report, as the environment is now."""
    return dg.asset(
        name=NAME,
        group_name=GROUP,
        deps=[dg.AssetKey(key) for key in READ],
        owners=owners(),
        tags={PART: BUILT},
        freshness_policy=FRESHNESS,
        kinds={"html"},
        pool=pool(NAME),
        description="Incidents and alerts of the last 90 days in one HTML file: headline figures with n and "
        "change, trends, distributions, services, people, and what needs attention. Opens from disk, without "
        "a network: its path, to be copied into the browser, is with each materialization.",
    )(_rootly_report)


def _rootly_report(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
) -> dg.MaterializeResult[Any]:
    """Read the marts and write the report; the file before it stays until the new one is whole."""
    # Imported when it is run: charts and pandas take a second to import, and most processes draw none.
    from rootly_assets.reader import Dataset
    from rootly_assets.report.figures import figures
    from rootly_assets.report.page import key_chart_png, page

    path = report_path()
    part = path.with_suffix(".part")
    try:
        zone = time_zone()
        with Dataset(warehouse.reading()).opened() as dataset:
            found = figures(dataset, time_zone=zone)
        part.write_text(page(found, time_zone=zone), encoding="utf-8")
        part.replace(path)
    except DatasetError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = (
            f"The report can't be written to {path}: {error.strerror}. The one before it stays."
        )
        raise dg.Failure(reason, allow_retries=False) from error
    context.log.info(f"report: {os.path.relpath(path)}")
    metadata: dict[str, dg.MetadataValue] = {
        # Not as a link: browsers follow none from a page of a server to a file.
        "report": dg.MetadataValue.path(path),
        **{tile.label: dg.MetadataValue.text(f"{tile.value} {tile.note}") for tile in found.tiles},
    }
    if (picture := key_chart_png(found)) is not None:
        encoded = base64.b64encode(picture).decode()
        shown = f"![incidents by week and severity](data:image/png;base64,{encoded})"
        metadata["chart"] = dg.MetadataValue.md(shown)
    return dg.MaterializeResult(metadata=metadata)
