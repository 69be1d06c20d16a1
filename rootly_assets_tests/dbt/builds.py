"""Builds that several test modules look at, and none changes."""

from pathlib import Path

from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.generated_incidents import LOADED_AT, catalogues, generated_incidents
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

# Texts are whatever somebody typed, or an alert source sent.
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\">@@vega@@ {{1}} 'quoted' 🔥"


def build_of_nothing(folder: Path) -> Build:
    """Every model and every unit test, where nothing was ever synced."""
    return dbt_build(make_raw_workspace(folder / "warehouse.duckdb"), unit_tests=True)


def build_of_hundreds(folder: Path) -> Build:
    """Every model on 300 incidents (every second one with hostile texts), three alerts, two follow-ups."""
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
        for number, noise in enumerate(["noise", "not_noise", None])
    ]
    rows = {"incidents": incidents, "action_items": items, "alerts": alerts, **catalogues()}
    build = dbt_build(make_raw_workspace(folder / "warehouse.duckdb", rows, loaded_at=LOADED_AT))
    assert not build.named("error"), "records without times, or with hostile texts, stop no model"
    return build
