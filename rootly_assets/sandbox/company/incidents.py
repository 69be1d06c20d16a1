"""Incidents: declared with the rhythm of the day, worked on, and ended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rootly_assets.sandbox.company.alert_events import add_event
from rootly_assets.sandbox.company.alerts import AlertDesk
from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.company.incident_attributes import incident_attributes
from rootly_assets.sandbox.company.incident_plan import Plan, draw_plan
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
        alerts: fires the alerts that incidents begin with.
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
            workspace.at(when, self._declare)
        workspace.at(workspace.now + history, self._await_next)

    def _await_next(self) -> None:
        workspace = self._grocer.workspace

        def declare() -> None:
            self._declare()
            self._await_next()

        workspace.at(following(workspace.random, workspace.now, self._per_day), declare)

    def _declare(self) -> None:
        plan = draw_plan(self._grocer)
        incident = self._add(plan)
        if plan.kind.startswith("scheduled"):
            run_maintenance(self._grocer, incident)
        elif plan.kind == "backfilled":
            self._backfill(incident, plan)
        else:
            self._run(incident, plan)
        if plan.counts:
            self._recent = [*self._recent[-9:], incident]

    def _add(self, plan: Plan) -> Record:
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

    def _run(self, incident: Record, plan: Plan) -> None:
        """From declaration to the end, one step after the other."""
        grocer, workspace = self._grocer, self._grocer.workspace
        now = workspace.now
        if not plan.kind.startswith("example"):
            self._fire_alerts(incident, plan)
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

    def _fire_alerts(self, incident: Record, plan: Plan) -> None:
        """The alerts that tell of it, tied to the incident in both directions."""
        grocer = self._grocer
        minutes = (plan.resolved or plan.cancelled or timedelta(hours=1)) / timedelta(minutes=1)
        for _ in range(grocer.random.choice((0, 1, 1, 1, 2, 3))):
            failure = grocer.failure_of(plan.service)
            alert = self._alerts.fire(plan.service, failure, expected_minutes=max(minutes, 1))
            grocer.workspace.link("incidents", incident.id, "alerts", [alert])
            grocer.workspace.link("alerts", alert.id, "incidents", [incident])
            incident.attributes["started_at"] = grocer.workspace.timestamp(grocer.workspace.now)
            by = grocer.on_shift(plan.service)
            add_event(grocer, alert, "action", "attached", source="web", user=by, incident=incident)

    def _when_there(self, incident: Record, when: datetime, step: Callable[[], None]) -> None:
        workspace = self._grocer.workspace

        def act() -> None:
            if workspace.get("incidents", incident.id):
                step()

        workspace.at(when, act)
