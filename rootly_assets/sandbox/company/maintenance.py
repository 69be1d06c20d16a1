"""Scheduled maintenance: announced, under way, completed."""

from datetime import timedelta
from functools import partial

from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.company.timeline import enter_sub_status
from rootly_assets.sandbox.record import Record


def run_maintenance(grocer: Grocer, incident: Record) -> None:
    """Announce a window of maintenance, days ahead, and let it come."""
    workspace, random = grocer.workspace, grocer.random
    begin = workspace.now + timedelta(days=random.uniform(1, 7))
    end = begin + timedelta(hours=random.choice((1, 2, 4)))
    workspace.update(
        "incidents",
        incident.id,
        status="scheduled",
        scheduled_for=workspace.timestamp(begin),
        scheduled_until=workspace.timestamp(end),
    )
    enter_sub_status(grocer, incident, "Planning", grocer.anyone())
    workspace.at(begin, partial(_enter, grocer, incident, "in_progress", "Work Under Way"))
    workspace.at(end, partial(_enter, grocer, incident, "completed", "Completed"))


def _enter(grocer: Grocer, incident: Record, status: str, sub_status: str) -> None:
    workspace = grocer.workspace
    if not workspace.get("incidents", incident.id):
        return
    now = workspace.timestamp(workspace.now)
    times = {"started_at": now} if status == "in_progress" else {"resolved_at": now}
    workspace.update("incidents", incident.id, status=status, **times)
    enter_sub_status(grocer, incident, sub_status, grocer.anyone())
