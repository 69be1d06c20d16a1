"""Alerts: they fire with the rhythm of the day, page somebody, and end one way or another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rootly_assets.sandbox.company.alert_events import add_event
from rootly_assets.sandbox.company.alert_fields import field_values
from rootly_assets.sandbox.company.failures import Failure
from rootly_assets.sandbox.company.grocer import URL, Grocer
from rootly_assets.sandbox.company.rhythm import following
from rootly_assets.sandbox.record import Record

_SHOP = ZoneInfo("America/Los_Angeles")
_CONTACTS = ("called", "texted", "notified", "slacked")
# A group takes in what fires within this time of the last that it took in.
_WINDOW = timedelta(minutes=30)


class AlertDesk:
    """Fires alerts and lets each live its life.

    Args:
        grocer: the company.
        per_day: how many alerts fire a day on average, apart from those of incidents.
    """

    def __init__(self, grocer: Grocer, *, per_day: float) -> None:
        self._grocer = grocer
        self._per_day = per_day
        self._fired = 0
        # The latest leader of each service, and when the last alert of its group fired.
        self._leaders: dict[str, tuple[Record, datetime]] = {}
        self._await_next()

    def fire(self, service: str, failure: Failure, *, expected_minutes: float) -> Record:
        """Fire an alert of a service now; it will be acknowledged and resolved, or its leader will."""
        alert = self._add(service, failure, environment="Production", tone="attended")
        if not _follows(alert):
            self._attend(alert, service, expected_minutes)
        return alert

    def _await_next(self) -> None:
        workspace = self._grocer.workspace
        when = following(workspace.random, workspace.now, self._per_day)
        workspace.at(when, self._background)

    def _background(self) -> None:
        random = self._grocer.random
        self._fire_background(self._grocer.failing_service())
        hour = self._grocer.workspace.now.astimezone(_SHOP).hour
        if hour < 5 and random.random() < 0.05:
            self._bad_night()
        self._await_next()

    def _bad_night(self) -> None:
        """One thing fails in the small hours and everything around it complains."""
        workspace = self._grocer.workspace
        names = self._grocer.random.sample(list(self._grocer.organization.services), 5)
        for _ in range(self._grocer.random.randint(8, 18)):
            service = self._grocer.random.choice(names)
            later = workspace.now + timedelta(minutes=self._grocer.random.uniform(1, 50))
            workspace.at(later, partial(self._fire_background, service))

    def _fire_background(self, service: str) -> None:
        random, grocer = self._grocer.random, self._grocer
        failure = grocer.failure_of(service)
        environment = random.choices(("Production", "Staging", "Depots"), (80, 12, 8))[0]
        tone = random.choices(("noise", "attended", "ignored"), (36, 56, 8))[0]
        alert = self._add(service, failure, environment=environment, tone=tone)
        if _follows(alert):
            return
        if tone == "noise":
            self._later(grocer.span(5), alert, partial(self._resolve, alert, None))
        elif tone == "attended":
            self._attend(alert, service, 25)
        elif random.random() < 0.8:
            self._later(grocer.span(240), alert, partial(self._resolve, alert, None))

    def _attend(self, alert: Record, service: str, expected_minutes: float) -> None:
        """Somebody answers, at night more slowly; after ten minutes the next level is paged."""
        grocer = self._grocer
        local = grocer.workspace.now.astimezone(_SHOP)
        answer = grocer.span(6 if local.hour < 7 else 3, 0.9)
        user = grocer.on_shift(service)
        if answer > timedelta(minutes=10):
            self._later(timedelta(minutes=10), alert, partial(self._escalate, alert, service))
            if grocer.random.random() < 0.5:
                user = grocer.organization.members[grocer.organization.owners[service]][0]
        self._later(answer, alert, partial(self._acknowledge, alert, user))
        ended = answer + grocer.span(expected_minutes)
        if grocer.random.random() < 0.04:
            self._later(ended, alert, partial(self._resolve, alert, None))
            again = ended + grocer.span(8)
            self._later(again, alert, partial(self._retrigger, alert))
            ended = again + grocer.span(20)
        self._later(
            ended,
            alert,
            partial(self._resolve, alert, user if grocer.random.random() < 0.5 else None),
        )

    def _add(self, service: str, failure: Failure, *, environment: str, tone: str) -> Record:
        grocer, workspace = self._grocer, self._grocer.workspace
        source, urgency = grocer.sources.draw(grocer.random)
        self._fired += 1
        attributes = _attributes(grocer, service, failure, source, environment)
        attributes |= {
            "short_id": f"L{self._fired:05d}",
            "noise": "noise" if tone == "noise" and grocer.random.random() < 0.6 else "not_noise",
            "alert_urgency_id": urgency.id,
            "alert_urgency": grocer.embed.wrap(urgency)["data"]["attributes"],
        }
        alert = workspace.add(Record("alerts", workspace.new_id(), attributes))
        attributes["url"] = f"{URL}/alerts/{attributes['short_id']}"
        attributes["alert_field_values"] = field_values(workspace, alert)
        attributes["alerting_targets"] = [
            {"id": attributes["notification_target_id"], "type": "EscalationPolicy"}
        ]
        add_event(grocer, alert, "informational", "created", source=alert.attributes["source"])
        policy = grocer.escalations[grocer.organization.owners[service]].policy
        workspace.link("alerts", alert.id, "escalation_policies", [policy])
        leader = self._leader(service, alert)
        self._leaders[service] = (leader or alert, workspace.now)
        if leader:
            self._join(alert, leader)
        else:
            self._page(alert, service)
        return alert

    def _leader(self, service: str, alert: Record) -> Record | None:
        """The alert whose group takes in a new one of a service: alike, not over, and not long ago."""
        workspace = self._grocer.workspace
        leader, latest = self._leaders.get(service, (None, workspace.now))
        if leader is None or not workspace.get("alerts", leader.id):
            return None
        alike = leader.attributes["environment_ids"] == alert.attributes["environment_ids"]
        active = leader.attributes["status"] != "resolved" and workspace.now - latest <= _WINDOW
        return leader if alike and active else None

    def _join(self, alert: Record, leader: Record) -> None:
        """As at Rootly, a member pages nobody: what becomes of its leader from now on becomes of it."""
        grocer, workspace = self._grocer, self._grocer.workspace
        alert.attributes["group_leader_alert_id"] = leader.id
        alert.attributes["noise"] = leader.attributes["noise"]
        workspace.link("alerts", leader.id, "group_member_alerts", [alert])
        if not leader.attributes["is_group_leader_alert"]:
            workspace.update("alerts", leader.id, is_group_leader_alert=True)
        details = f"{alert.attributes['short_id']} joined the group"
        add_event(grocer, leader, "alert_grouping", "added", details=details)

    def _group(self, alert: Record) -> list[Record]:
        """An alert and those that follow it."""
        refs = alert.links.get("group_member_alerts", [])
        members = (self._grocer.workspace.get("alerts", ref["id"]) for ref in refs)
        return [alert, *(member for member in members if member)]

    def _page(self, alert: Record, service: str) -> None:
        grocer, random = self._grocer, self._grocer.random
        team = grocer.organization.owners[service]
        escalation, user = grocer.escalations[team], grocer.on_shift(service)
        add_event(
            grocer,
            alert,
            "notification",
            "escalation_policy_paged",
            policy=escalation.policy,
            level=escalation.levels[0],
        )
        for contact in random.sample(_CONTACTS, random.choice((1, 1, 2))):
            add_event(
                grocer,
                alert,
                "notification",
                contact,
                user=user,
                schedule=grocer.on_call.schedules[team],
                level=escalation.levels[0],
            )
        grocer.workspace.link("alerts", alert.id, "notified_users", [user])

    def _escalate(self, alert: Record, service: str) -> None:
        if alert.attributes["status"] != "triggered":
            return
        grocer = self._grocer
        team = grocer.organization.owners[service]
        escalation, lead = grocer.escalations[team], grocer.organization.members[team][0]
        level = escalation.levels[1]
        add_event(
            grocer,
            alert,
            "action",
            "escalated",
            policy=escalation.policy,
            level=level,
            details="No answer within 10 minutes",
        )
        add_event(grocer, alert, "notification", "called", user=lead, level=level)
        grocer.workspace.link("alerts", alert.id, "notified_users", [lead])

    def _acknowledge(self, alert: Record, user: Record) -> None:
        if alert.attributes["status"] != "triggered":
            return
        grocer = self._grocer
        by = grocer.random.choice(("mobile", "slack", "web"))
        for each in self._group(alert):
            if each.attributes["status"] == "triggered":
                grocer.workspace.update("alerts", each.id, status="acknowledged")
                grocer.workspace.link("alerts", each.id, "responders", [user])
                add_event(grocer, each, "status_update", "acknowledged", user=user, source=by)

    def _resolve(self, alert: Record, user: Record | None) -> None:
        if alert.attributes["status"] == "resolved":
            return
        grocer = self._grocer
        ended = grocer.workspace.timestamp(grocer.workspace.now)
        source = "web" if user else alert.attributes["source"]
        for each in self._group(alert):
            grocer.workspace.update("alerts", each.id, status="resolved", ended_at=ended)
            add_event(grocer, each, "status_update", "resolved", user=user, source=source)

    def _retrigger(self, alert: Record) -> None:
        """As at Rootly, a new trigger takes the end away again."""
        grocer = self._grocer
        source = alert.attributes["source"]
        for each in self._group(alert):
            grocer.workspace.update("alerts", each.id, status="triggered", ended_at=None)
            add_event(grocer, each, "status_update", "retriggered", source=source)

    def _later(self, delay: timedelta, alert: Record, action: Callable[[], None]) -> None:
        """Do something to an alert after a delay, unless it has been deleted by then."""
        workspace = self._grocer.workspace

        def act() -> None:
            if workspace.get("alerts", alert.id):
                action()

        workspace.at(workspace.now + delay, act)


def _follows(alert: Record) -> bool:
    """Whether another alert leads it."""
    return alert.attributes["group_leader_alert_id"] is not None


def _attributes(
    grocer: Grocer, service: str, failure: Failure, source: Record, environment: str
) -> dict[str, Any]:
    """What an alert says when it fires, and what it is about."""
    workspace, organization = grocer.workspace, grocer.organization
    record, team = organization.services[service], grocer.team_of(service)
    place = grocer.words.environments[environment]
    policy = grocer.escalations[organization.owners[service]].policy
    number = grocer.random.randrange(10**7, 10**8)
    value = round(grocer.random.lognormvariate(1, 1), 2)
    kind = source.attributes["source_type"]
    link = f"https://monitors.larder.example/{kind}/{number}"
    return {
        "source": kind,
        "status": "triggered",
        "summary": failure.alert,
        "description": f"{failure.alert} in {environment.lower()}, measured {value} over 5 minutes",
        "services": [grocer.embed.wrap(record)["data"]["attributes"]],
        "groups": [grocer.embed.wrap(team)["data"]["attributes"]],
        "functionalities": [],
        "environments": [grocer.embed.wrap(place)["data"]["attributes"]],
        "service_ids": [record.id],
        "group_ids": [team.id],
        "functionality_ids": [],
        "environment_ids": [place.id],
        "external_id": str(number),
        "external_url": link,
        "group_leader_alert_id": None,
        "is_group_leader_alert": False,
        "labels": [
            {"key": "service", "value": service},
            {"key": "value", "value": value},
            {"key": "customer_facing", "value": environment == "Production"},
        ],
        "data": {
            "title": failure.alert,
            "monitor": {"id": str(number), "threshold_window": "5m"},
            "value": value,
            "link": link,
        },
        "notification_target_type": "EscalationPolicy",
        "notification_target_id": policy.id,
        "deduplication_key": f"{service}-{number}",
        "alert_field_values": [],
        "started_at": workspace.timestamp(workspace.now),
        "ended_at": None,
    }
