"""Second thoughts: times, titles and severities that are put right days later, or put wrong."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.company.incident_plan import Plan
from rootly_assets.sandbox.company.timeline import add_note
from rootly_assets.sandbox.record import Record

Edit = Callable[[Grocer, Record], None]


def plan_late_edit(grocer: Grocer, incident: Record, plan: Plan) -> None:
    """One incident in ten is edited after it is over."""
    random, workspace = grocer.random, grocer.workspace
    if random.random() >= 0.1 or plan.resolved is None:
        return
    edit = random.choices((_earlier_start, _wrong_start, _severity, _title), (40, 15, 25, 20))[0]
    when = workspace.now + plan.resolved + timedelta(days=random.uniform(0.2, 25))
    workspace.at(when, partial(_if_there, grocer, incident, edit))


def _if_there(grocer: Grocer, incident: Record, edit: Edit) -> None:
    if grocer.workspace.get("incidents", incident.id):
        edit(grocer, incident)


def _earlier_start(grocer: Grocer, incident: Record) -> None:
    """The graphs show that it began earlier than was thought."""
    _shift_start(grocer, incident, "started_at", -grocer.span(15))


def _wrong_start(grocer: Grocer, incident: Record) -> None:
    """A slip of the hand: it now starts after its own mitigation."""
    _shift_start(grocer, incident, "mitigated_at", grocer.span(10))


def _shift_start(grocer: Grocer, incident: Record, of: str, by: timedelta) -> None:
    text = incident.attributes[of]
    if text:
        start = grocer.workspace.timestamp(datetime.fromisoformat(text) + by)
        grocer.workspace.update("incidents", incident.id, started_at=start)
        add_note(grocer, incident, "Start time corrected")


def _severity(grocer: Grocer, incident: Record) -> None:
    """It was less, or more, grave than it seemed."""
    severity = grocer.random.choice(grocer.words.severities)
    grocer.workspace.update("incidents", incident.id, severity=grocer.embed.wrap(severity))


def _title(grocer: Grocer, incident: Record) -> None:
    """Now that the cause is known, the title can say it."""
    title = f"{incident.attributes['title']} (root cause known)"
    grocer.workspace.update("incidents", incident.id, title=title)
