"""What people do about an incident: take roles, change its state, write its timeline down."""

from datetime import datetime
from typing import Any

from rootly_assets.sandbox.company.follow_up import add_action_item
from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.company.incident_plan import Plan
from rootly_assets.sandbox.company.timeline import add_note, add_slack_message, enter_sub_status
from rootly_assets.sandbox.record import Record

_LIVE = ("in_triage", "started", "detected", "acknowledged", "mitigated")
_NOTES = (
    "Graphs confirm it began with the 5xx climb",
    "Not the deploy: the previous version fails as well",
    "Error budget for the month is gone",
    "Customer Care reports about forty contacts so far",
    "Trying a restart of one pod before all of them",
    "Vendor status page is green, their support says otherwise",
    "Found it 🎯",
    "Traffic shifted away, watching",
)


class Response:
    """The people's side of one incident."""

    def __init__(self, grocer: Grocer, incident: Record, plan: Plan) -> None:
        self._grocer = grocer
        self._incident = incident
        self._plan = plan
        self._commander = grocer.on_shift(plan.service)

    def declare(self) -> None:
        """Begin: somebody commands, and a first note is taken."""
        now = self._now()
        title = self._incident.attributes["title"]
        if self._plan.triaged:
            self._update(status="in_triage", in_triage_at=now, in_triage_by=self._by())
            enter_sub_status(self._grocer, self._incident, "Assessing", self._commander)
        add_note(self._grocer, self._incident, f"Incident declared: {title}")
        self._assign("Incident Commander", self._commander)

    def start(self, began: datetime) -> None:
        """It is real: what began when is written down, roles are given out."""
        random, workspace = self._grocer.random, self._grocer.workspace
        if self._incident.attributes["status"] not in (None, "in_triage"):
            return
        detected = None
        if self._plan.detected is not None:
            declared = datetime.fromisoformat(self._incident.attributes["created_at"])
            detected = workspace.timestamp(declared + self._plan.detected)
        self._update(
            status="started",
            started_at=workspace.timestamp(began),
            started_by=self._by(),
            detected_at=detected,
        )
        enter_sub_status(self._grocer, self._incident, "Investigating", self._commander)
        if self._plan.severity < 2:
            self._assign("Communications Lead", self._grocer.anyone())
            self._assign("Technical Lead", self._grocer.anyone())
        for _ in range(random.randrange(3)):
            self._assign("Responder", self._grocer.anyone())

    def acknowledge(self) -> None:
        """Somebody is on it."""
        if self._incident.attributes["status"] in _LIVE[:3]:
            self._update(status="acknowledged", acknowledged_at=self._now())
            self._notes(2)

    def mitigate(self) -> None:
        """Customers are well again."""
        if self._incident.attributes["status"] not in _LIVE:
            return
        self._update(
            status="mitigated",
            mitigated_at=self._now(),
            mitigated_by=self._by(),
            mitigation_message=self._plan.failure.remedy,
        )
        self._notes(2)
        add_note(self._grocer, self._incident, f"Mitigated: {self._plan.failure.remedy}")
        enter_sub_status(self._grocer, self._incident, "Monitoring", self._commander)
        self._add_task("Watch the graphs until the next release")

    def resolve(self) -> None:
        """Over. Where nobody said mitigated, Rootly takes the end for it."""
        if self._incident.attributes["status"] not in _LIVE:
            return
        now = self._now()
        self._update(
            status="resolved",
            resolved_at=now,
            resolved_by=self._by(),
            resolution_message=self._plan.failure.remedy,
            mitigated_at=self._incident.attributes["mitigated_at"] or now,
        )
        add_note(self._grocer, self._incident, "Resolved", external=self._plan.severity == 0)
        enter_sub_status(self._grocer, self._incident, "Awaiting Retrospective", self._commander)
        cause = self._grocer.words.causes[self._plan.failure.cause]
        if self._grocer.random.random() < 0.7:
            self._grocer.workspace.link("incidents", self._incident.id, "causes", [cause])

    def cancel(self) -> None:
        """It was nothing, or known already."""
        if self._incident.attributes["status"] not in _LIVE:
            return
        duplicate = self._incident.attributes["duplicate_incident_id"]
        self._update(
            status="cancelled",
            cancelled_at=self._now(),
            cancelled_by=self._by(),
            cancellation_message="Duplicate" if duplicate else "False alarm",
        )
        enter_sub_status(self._grocer, self._incident, "False Alarm", self._commander)

    def close(self) -> None:
        """Nothing is left to do."""
        if self._incident.attributes["status"] != "resolved":
            return
        self._update(
            status="closed",
            closed_at=self._now(),
            closed_by=self._by(),
            slack_channel_archived=True,
        )
        enter_sub_status(self._grocer, self._incident, "Done", self._commander)

    def _now(self) -> str:
        return self._grocer.workspace.timestamp(self._grocer.workspace.now)

    def _by(self) -> dict[str, Any]:
        return self._grocer.embed.wrap(self._commander)

    def _update(self, **attributes: Any) -> None:
        self._grocer.workspace.update("incidents", self._incident.id, **attributes)

    def _assign(self, role: str, user: Record) -> None:
        grocer, embed = self._grocer, self._grocer.embed
        attributes = {
            "incident_role": embed.wrap(grocer.words.roles[role]),
            "user": embed.wrap(user),
        }
        assignment = Record("incident_role_assignments", grocer.workspace.new_id(), attributes)
        assignment.parents["incident_id"] = self._incident.id
        grocer.workspace.add(assignment)
        grocer.workspace.link("incidents", self._incident.id, "subscribers", [user])

    def _notes(self, most: int) -> None:
        random = self._grocer.random
        for note in random.sample(_NOTES, random.randint(0, most)):
            add_note(self._grocer, self._incident, note)
            if random.random() < 0.3:
                add_slack_message(self._grocer, self._incident, note, self._grocer.anyone())

    def _add_task(self, summary: str) -> None:
        if self._grocer.random.random() < 0.4:
            add_action_item(self._grocer, self._incident, "task", summary, self._commander)
