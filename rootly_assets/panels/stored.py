"""The panels that the warehouse holds, each compared with what Rootly computed for it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rootly_assets.panels.answers import Connection
from rootly_assets.panels.parity import Comparison, Panel, compare
from rootly_assets.panels.reasons import Asked

PANELS = """
SELECT panels.panel_id AS id, dashboards.dashboard_name AS dashboard, coalesce(panels.panel_name, '') AS title,
    panels.params_json AS params, panels.data_json AS data, dashboards.range_text AS span,
    dashboards.period
FROM staging.stg_rootly__dashboard_panels AS panels
INNER JOIN staging.stg_rootly__dashboards AS dashboards ON panels.dashboard_id = dashboards.dashboard_id
WHERE NOT panels.is_deleted AND NOT dashboards.is_deleted
ORDER BY panels.panel_id
"""

# Tables name incidents by their titles, which are for those alone who may see them.
NAMES_OF_PRIVATE = """
SELECT DISTINCT measures.record_name, incidents.sequential_id
FROM intermediate.int_rootly__panel_measures AS measures
INNER JOIN staging.stg_rootly__incidents AS incidents ON measures.record_id = incidents.incident_id
WHERE measures.collection = 'incidents' AND incidents.is_private
"""

KEYS = "SELECT DISTINCT attribute FROM intermediate.int_rootly__panel_keyed_attributes"

# When Rootly was last asked for a list, by its own clock: a row says only when its version was new.
SYNCS = "SELECT table_name, extract(epoch FROM synced_at) FROM staging.stg_rootly__syncs"

# The collection of panels that each raw table is.
COLLECTIONS = {
    "incidents": "incidents",
    "alerts": "alerts",
    "users": "users",
    "post_mortems": "incident_post_mortems",
    "action_items": "incident_action_items",
}


def compare_all(
    panels: Sequence[tuple[Any, ...]], connection: Connection, *, time_zone: str
) -> Iterator[Comparison]:
    """Compare panels, with what the workspace has and when Rootly was asked for it.

    Args:
        panels: rows of `PANELS`.
        connection: asks our models.
        time_zone: IANA name of the zone in which they cut days.
    """
    keys = {attribute for (attribute,) in connection.execute(KEYS).fetchall()}
    synced = {
        table: datetime.fromtimestamp(float(seconds), UTC)
        for table, seconds in connection.execute(SYNCS).fetchall()
        if seconds is not None
    }
    records = {
        collection: synced[table] for table, collection in COLLECTIONS.items() if table in synced
    }
    asked = Asked(synced.get("dashboard_panels"), records)
    for panel in panels:
        yield from compare(Panel(*panel), connection, time_zone=time_zone, keys=keys, asked=asked)
