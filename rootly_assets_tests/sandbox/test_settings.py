"""The sandbox's settings: what they hold, and how they keep up with what happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rootly_assets.sandbox import Workspace

NOW = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
GROWING = ["audits", "incident_form_field_selections", "pulses", "workflow_runs"]


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.build(incidents=60, now=NOW)


def _panel(workspace: Workspace, name: str) -> Any:
    panels = workspace.records("dashboard_panels")
    return next(panel.attributes["data"] for panel in panels if panel.attributes["name"] == name)


def test_all_38_default_panels_come_with_numbers(workspace: Workspace) -> None:
    panels = workspace.records("dashboard_panels")
    assert len(panels) == 38
    assert [panel.attributes["name"] for panel in panels if not panel.attributes["data"]] == []


def test_a_panel_counts_the_incidents_of_the_last_90_days(workspace: Workspace) -> None:
    counted = [
        incident
        for incident in workspace.records("incidents")
        if incident.attributes["kind"] in ("normal", "normal_sub", "backfilled")
        and incident.attributes["started_at"]
        and NOW - timedelta(days=90) <= datetime.fromisoformat(incident.attributes["started_at"])
    ]
    [series] = _panel(workspace, "# of Incidents")
    assert series["data"] == {"value": len(counted)}


@pytest.mark.slow
def test_panels_follow_what_happens(workspace: Workspace) -> None:
    before = _panel(workspace, "# of Incidents")
    workspace.advance(timedelta(days=91))
    after = _panel(workspace, "# of Incidents")
    ended = workspace.now
    counted = [
        incident
        for incident in workspace.records("incidents")
        if incident.attributes["kind"] in ("normal", "normal_sub", "backfilled")
        and incident.attributes["started_at"]
        and ended - timedelta(days=90)
        <= datetime.fromisoformat(incident.attributes["started_at"])
        <= ended
    ]
    assert after[0]["data"] == {"value": len(counted)}
    assert before != after


def test_what_new_incidents_leave_behind_is_made_when_it_appears(workspace: Workspace) -> None:
    known = {name: {record.id for record in workspace.records(name)} for name in GROWING}
    moved_on = workspace.now
    workspace.advance(timedelta(days=30))
    for name in GROWING:
        new = [record for record in workspace.records(name) if record.id not in known[name]]
        assert new, name
        made = [datetime.fromisoformat(record.attributes["created_at"]) for record in new]
        assert moved_on < min(made)
        assert max(made) <= workspace.now


def test_a_recording_says_what_made_it_and_names_nobody(workspace: Workspace) -> None:
    names = {each.attributes["full_name"] for each in workspace.records("users")}
    made = {each.attributes["created_by"] for each in workspace.records("meeting_recordings")}
    assert made
    assert not made & names
