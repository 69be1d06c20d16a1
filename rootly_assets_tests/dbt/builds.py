"""Builds that several test modules look at, and none changes."""

from collections import defaultdict
from functools import cache
from pathlib import Path

from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.generated_incidents import (
    LOADED_AT,
    Row,
    catalogues,
    generated_incidents,
)
from rootly_assets_tests.dbt.generated_statuses import generated_statuses, sub_statuses
from rootly_assets_tests.dbt.learned import learned
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

# Where the days of `build_of_odd_incidents` are cut.
ZONE = "America/New_York"

# Texts are whatever somebody typed, or an alert source sent.
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\">@@vega@@ {{1}} 'quoted' 🔥"


def build_of_nothing(folder: Path) -> Build:
    """Every model and every unit test, where nothing was ever synced."""
    return dbt_build(make_raw_workspace(folder / "warehouse.duckdb"), unit_tests=True)


def build_of_hundreds(folder: Path) -> Build:
    """Every model on 300 incidents (half with hostile texts), what was `learned`, alerts and follow-ups."""
    incidents = generated_incidents(seed=7, count=300)
    for incident in incidents[::2]:
        incident["title"] = HOSTILE
        incident["url"] = "javascript:alert(1)"
    items = [
        {"id": "late", "summary": HOSTILE, "kind": "follow_up", "status": "open"}
        | {"due_date": "2026-01-01", "created_at": "2025-12-01T00:00:00Z"},
        {"id": "done", "kind": "follow_up", "status": "done", "due_date": "2026-01-01"},
    ]
    alerts = [
        {"id": f"alert-{number}", "source": "datadog", "noise": noise, "status": "resolved"}
        | {"started_at": LOADED_AT}
        for number, noise in enumerate(["noise", "not_noise", None, None])
    ]
    alerts.append({**alerts[-1], "id": "member", "group_leader_alert_id": "alert-3"})
    attached = [
        {"id": each, "alert_id": each, "incident_id": "Published"} for each in ("alert-3", "member")
    ]
    rows = {"incidents": incidents, "action_items": items, "alerts": alerts, **catalogues()}
    rows["incident_alerts"] = attached
    for table, more in learned().items():
        rows[table] = rows.get(table, []) + more
    build = dbt_build(make_raw_workspace(folder / "warehouse.duckdb", rows, loaded_at=LOADED_AT))
    assert not build.named("error"), "records without times, or with hostile texts, stop no model"
    return build


@cache
def odd_incidents() -> list[Row]:
    """400 incidents of every kind, with times that are missing, or in no order."""
    return generated_incidents(seed=20260310, count=400)


@cache
def odd_statuses() -> dict[object, list[Row]]:
    """The sub-statuses that each of these incidents went through, by its id."""
    by_incident: dict[object, list[Row]] = defaultdict(list)
    for row in generated_statuses(odd_incidents(), seed=1124):
        by_incident[row["incident_id"]].append(row)
    return by_incident


def build_of_odd_incidents(folder: Path) -> Build:
    """Every model on these, in the time zone `ZONE`."""
    rows = {
        "incidents": odd_incidents(),
        "sub_statuses": sub_statuses(),
        "incident_sub_statuses": [row for each in odd_statuses().values() for row in each],
        **catalogues(),
    }
    database = make_raw_workspace(folder / "warehouse.duckdb", rows, loaded_at=LOADED_AT)
    return dbt_build(database, variables={"rootly_time_zone": ZONE})
