"""Incidents: declared with the rhythm of the day, worked on, and ended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rootly_assets.sandbox.company.alert_events import add_event
from rootly_assets.sandbox.company.alerts import AlertDesk
from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.company.incident_attributes import incident_attributes
from rootly_assets.sandbox.company.incident_plan import LONGEST_LEAD, Plan, draw_plan
from rootly_assets.sandbox.company.late_edits import plan_late_edit
from rootly_assets.sandbox.company.maintenance import run_maintenance
from rootly_assets.sandbox.company.response import Response
from rootly_assets.sandbox.company.retrospectives import plan_retrospective
from rootly_assets.sandbox.company.rhythm import following, moments
from rootly_assets.sandbox.record import Record

_TEST_TITLES = (
    "[TEST] Paging drill",
    "[TEST] Trying the new workflow",
    "🧪 Game day: lose a broker",
    "[TEST] Onboarding exercise",
)
_EXAMPLE_TITLE = "[EXAMPLE] Website is down"


class IncidentDesk:
    """Declares incidents and lets each run its course.

    Args:
        grocer: the company.
        alerts: fires the alerts that tell of incidents.
        history: the span from now in which `count` incidents are declared.
        count: how many that is; the same rate goes on afterwards.
    """

    def __init__(
        self, grocer: Grocer, alerts: AlertDesk, *, history: timedelta, count: int
    ) -> None:
        self._grocer = grocer
        self._alerts = alerts
        self._number = 0
        self._recent: list[Record] = []
        self._per_day = count / (history / timedelta(days=1))
        workspace = grocer.workspace
        for when in moments(workspace.random, workspace.now, history, count):
            self._foresee(when)
        ends = workspace.now + history
        workspace.at(ends - LONGEST_LEAD, partial(self._go_on, ends))

    def _go_on(self, after: datetime) -> None:
        """Foresee the next incident after a moment, and when its own comes near, the one after it."""
        workspace = self._grocer.workspace
        when = following(workspace.random, after, self._per_day)
        self._foresee(when)
        workspace.at(when - LONGEST_LEAD, partial(self._go_on, when))

    def _foresee(self, when: datetime) -> None:
        """An incident will be declared then: its first alerts fire before anybody knows of it."""
        self._grocer.workspace.at(when - LONGEST_LEAD, partial(self._begin, when))

    def _begin(self, when: datetime) -> None:
        workspace = self._grocer.workspace
        plan, fired = draw_plan(self._grocer), list[Record]()
        for delay in plan.alerted:
            if delay < timedelta(0):
                workspace.at(when + delay, partial(self._fire, plan, delay, fired))
        workspace.at(when, partial(self._declare, plan, fired))

    def _fire(self, plan: Plan, delay: timedelta, fired: list[Record]) -> None:
        fired.append(self._alert(plan, delay))

    def _alert(self, plan: Plan, delay: timedelta) -> Record:
        """Fire one of its alerts, so long after its declaration; it lasts about as long as it does."""
        left = (plan.cancelled or plan.resolved or timedelta(hours=1)) - delay
        return self._alerts.fire(
            plan.service,
            self._grocer.failure_of(plan.service),
            expected_minutes=max(left / timedelta(minutes=1), 1),
        )

    def _declare(self, plan: Plan, fired: list[Record]) -> None:
        incident = self._add(plan, alerted=bool(fired))
        if plan.kind.startswith("scheduled"):
            run_maintenance(self._grocer, incident)
        elif plan.kind == "backfilled":
            self._backfill(incident, plan)
        else:
            self._run(incident, plan, fired)
        if plan.counts:
            self._recent = [*self._recent[-9:], incident]

    def _add(self, plan: Plan, *, alerted: bool) -> Record:
        grocer, random = self._grocer, self._grocer.random
        self._number += 1
        declared_by = grocer.on_shift(plan.service) if random.random() < 0.6 else grocer.anyone()
        attributes = incident_attributes(
            grocer,
            number=self._number,
            title=self._title(plan),
            kind=plan.kind,
            declared_by=declared_by,
            called=plan.severity < 2,
            alerted=alerted,
        )
        attributes |= self._about(plan)
        if plan.kind.endswith("_sub") and self._recent:
            attributes["parent_incident_id"] = random.choice(self._recent).id
        elif plan.cancelled and self._recent and random.random() < 0.5:
            attributes["duplicate_incident_id"] = self._recent[-1].id
        incident = grocer.workspace.add(Record("incidents", attributes["id"], attributes))
        grocer.workspace.link("incidents", incident.id, "subscribers", [declared_by])
        return incident

    def _title(self, plan: Plan) -> str:
        if plan.kind.startswith("test"):
            return self._grocer.random.choice(_TEST_TITLES)
        if plan.kind.startswith("example"):
            return _EXAMPLE_TITLE
        if plan.kind.startswith("scheduled"):
            return f"Planned maintenance of {plan.service}"
        return plan.failure.incident

    def _about(self, plan: Plan) -> dict[str, Any]:
        """What it is about: services, teams, severity. A few incidents never get a severity."""
        grocer, random, embed = self._grocer, self._grocer.random, self._grocer.embed
        organization, words = grocer.organization, grocer.words
        names = [plan.service]
        if random.random() < 0.25:
            names.append(grocer.failing_service())
        services = [organization.services[name] for name in dict.fromkeys(names)]
        teams = [grocer.team_of(name) for name in dict.fromkeys(names)]
        place = "Production" if random.random() < 0.9 else random.choice(("Staging", "Depots"))
        severity = words.severities[plan.severity] if random.random() < 0.97 else None
        failure = plan.failure
        return {
            "summary": f"{failure.alert}. {failure.incident}." if random.random() < 0.9 else None,
            "public_title": failure.incident if plan.severity == 0 else None,
            "severity": embed.wrap(severity) if severity else None,
            "environments": [embed.wrap(words.environments[place])],
            "incident_types": [embed.wrap(words.types[failure.type])],
            "services": embed.wrap_all(services),
            "functionalities": [embed.wrap(organization.journeys[plan.service])],
            "groups": embed.wrap_all(list({team.id: team for team in teams}.values())),
            "labels": {"depot": random.choice(("oakland", "denver", "newark"))}
            if random.random() < 0.2
            else {},
            "private": failure.type == "Security",
        }

    def _run(self, incident: Record, plan: Plan, fired: list[Record]) -> None:
        """From declaration to the end, one step after the other."""
        grocer, workspace = self._grocer, self._grocer.workspace
        now = workspace.now
        self._attach_all(incident, plan, fired)
        response = Response(grocer, incident, plan)
        response.declare()

        def at(delay: timedelta, step: Callable[[], None]) -> None:
            self._when_there(incident, now + delay, step)

        if plan.triaged:
            at(plan.triaged, partial(response.start, now + plan.started))
        else:
            response.start(now + plan.started)
        if plan.acknowledged:
            at(plan.acknowledged, response.acknowledge)
        if plan.mitigated:
            at(plan.mitigated, response.mitigate)
        if plan.resolved:
            at(plan.resolved, response.resolve)
            if plan.counts:
                at(plan.resolved, partial(plan_retrospective, grocer, incident, plan))
        if plan.cancelled:
            at(plan.cancelled, response.cancel)
        if plan.closed:
            at(plan.closed, response.close)
        if plan.counts:
            plan_late_edit(grocer, incident, plan)

    def _backfill(self, incident: Record, plan: Plan) -> None:
        """Written down days later, all times at once."""
        workspace = self._grocer.workspace
        began = workspace.now - timedelta(days=self._grocer.random.uniform(2, 20))

        def stamp(delay: timedelta | None) -> str | None:
            return None if delay is None else workspace.timestamp(began + delay)

        by = incident.attributes["user"]
        resolved = plan.resolved or timedelta(hours=2)
        workspace.update(
            "incidents",
            incident.id,
            status="resolved",
            started_at=stamp(plan.started),
            detected_at=stamp(plan.detected),
            acknowledged_at=stamp(plan.acknowledged),
            mitigated_at=stamp(plan.mitigated or resolved),
            resolved_at=stamp(resolved),
            started_by=by,
            mitigated_by=by,
            resolved_by=by,
            resolution_message=plan.failure.remedy,
        )
        plan_retrospective(self._grocer, incident, plan)

    def _attach_all(self, incident: Record, plan: Plan, fired: list[Record]) -> None:
        """Most of what fired is attached at once, the rest by hand, as is what fires from now on."""
        grocer, workspace = self._grocer, self._grocer.workspace
        now = workspace.now
        if fired:
            incident.attributes["started_at"] = workspace.timestamp(now)
        for alert in fired:
            if grocer.random.random() < 0.9:
                self._attach(incident, plan, alert)
            else:
                self._attach_later(incident, plan, alert)
        for delay in plan.alerted:
            if delay >= timedelta(0):
                fire = partial(self._fire_late, incident, plan, delay)
                self._when_there(incident, now + delay, fire)

    def _fire_late(self, incident: Record, plan: Plan, delay: timedelta) -> None:
        self._attach_later(incident, plan, self._alert(plan, delay))

    def _attach_later(self, incident: Record, plan: Plan, alert: Record) -> None:
        when = self._grocer.workspace.now + self._grocer.span(3)
        self._when_there(incident, when, partial(self._attach, incident, plan, alert))

    def _attach(self, incident: Record, plan: Plan, alert: Record) -> None:
        """Tie an alert to its incident, in both directions; of the two, it is the incident that was edited."""
        grocer, workspace = self._grocer, self._grocer.workspace
        if not workspace.get("alerts", alert.id):
            return
        workspace.link("incidents", incident.id, "alerts", [alert])
        workspace.link("alerts", alert.id, "incidents", [incident])
        workspace.update("incidents", incident.id)
        by = grocer.on_shift(plan.service)
        add_event(grocer, alert, "action", "attached", source="web", user=by, incident=incident)

    def _when_there(self, incident: Record, when: datetime, step: Callable[[], None]) -> None:
        workspace = self._grocer.workspace

        def act() -> None:
            if workspace.get("incidents", incident.id):
                step()

        workspace.at(when, act)
