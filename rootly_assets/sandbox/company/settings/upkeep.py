"""Settings that go on growing: what new incidents leave behind, and numbers that get old."""

from datetime import timedelta
from functools import partial

from rootly_assets.sandbox.company.settings import (
    audits,
    dashboards,
    form_answers,
    meetings,
    pulses,
    status_pages,
    workflow_runs,
)
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

EVERY = timedelta(hours=6)
# Rootly, too, keeps the numbers of its panels for a quarter of an hour.
REFRESHED_EVERY = timedelta(minutes=15)
FOLLOWERS = {
    "incident_form_field_selections": form_answers,
    "incident_custom_field_selections": form_answers,
    "incident_status_page_events": status_pages,
    "workflow_runs": workflow_runs,
    "meeting_recordings": meetings,
    "pulses": pulses,
    "audits": audits,
}


def begin(workspace: Workspace) -> None:
    """From now on, look every six hours for incidents that ended, and keep the dashboards fresh."""
    done = {incident.id for incident in workspace.records("incidents")}
    workspace.at(workspace.now + EVERY, partial(_tend, workspace, done))
    refreshed = workspace.now

    def refresh() -> None:
        nonlocal refreshed
        if workspace.now - refreshed >= REFRESHED_EVERY:
            dashboards.refresh(workspace)
            refreshed = workspace.now

    workspace.afterwards(refresh)


def _tend(workspace: Workspace, done: set[str]) -> None:
    ended = [
        incident
        for incident in workspace.records("incidents")
        if incident.id not in done
        and (incident.attributes["resolved_at"] or incident.attributes["cancelled_at"])
    ]
    done.update(incident.id for incident in ended)
    if ended:
        before = {name: len(workspace.records(name)) for name in FOLLOWERS}
        for follower in dict.fromkeys(FOLLOWERS.values()):
            follower.follow(workspace, ended)
        for name, count in before.items():
            _made_now(workspace, workspace.records(name)[count:])
    workspace.at(workspace.now + EVERY, partial(_tend, workspace, done))


def _made_now(workspace: Workspace, records: list[Record]) -> None:
    """Nothing is made in the past: a reader that asks for what is new must find all of it."""
    now = workspace.timestamp(workspace.now)
    for record in records:
        record.attributes.update(created_at=now, updated_at=now)
        record.changed()
