"""The company is believable: its incidents and alerts are such as metrics have to cope with."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from rootly_assets.sandbox import Record, Workspace
from rootly_assets_tests.sandbox.conftest import NOW

SECRETS = {
    "alert_sources": ("secret",),
    "heartbeats": ("secret", "ping_url", "email_address"),
    "webhooks_endpoints": ("secret",),
    "status_pages": ("authentication_password",),
    "incidents": (
        "zoom_meeting_password",
        "zoom_meeting_pstn_password",
        "zoom_meeting_h323_password",
    ),
}


@pytest.fixture(scope="module")
def large() -> Workspace:
    return Workspace.build(incidents=800, now=NOW)


def moment(record: Record, name: str) -> datetime | None:
    text = record.attributes[name]
    return datetime.fromisoformat(text) if text else None


def test_the_last_ninety_days_can_be_compared_with_the_ninety_before_them(large: Workspace) -> None:
    for type_ in ("incidents", "alerts"):
        first = min(moment(r, "created_at") or NOW for r in large.records(type_))
        assert timedelta(days=180) < NOW - first < timedelta(days=220)


def test_an_incident_has_all_of_its_documented_attributes(large: Workspace) -> None:
    assert {len(incident.attributes) for incident in large.records("incidents")} == {135}
    sizes = [len(incident.json()) for incident in large.records("incidents")]
    assert 5_000 < sum(sizes) / len(sizes) < 10_000


def test_not_everything_counts(large: Workspace) -> None:
    kinds = Counter(incident.attributes["kind"] for incident in large.records("incidents"))
    assert kinds.keys() >= {
        "normal",
        "normal_sub",
        "test",
        "example",
        "backfilled",
        "scheduled",
        "scheduled_sub",
    }
    statuses = Counter(incident.attributes["status"] for incident in large.records("incidents"))
    assert statuses.keys() >= {"resolved", "closed", "cancelled", "completed"}
    incidents = large.records("incidents")
    assert any(incident.attributes["parent_incident_id"] for incident in incidents)
    assert any(incident.attributes["duplicate_incident_id"] for incident in incidents)


def test_times_are_incomplete_and_now_and_then_wrong(large: Workspace) -> None:
    ended = [r for r in large.records("incidents") if r.attributes["status"] == "closed"]
    missing = sum(r.attributes["detected_at"] is None for r in ended) / len(ended)
    assert 0.15 < missing < 0.6
    inferred = sum(r.attributes["mitigated_at"] == r.attributes["resolved_at"] for r in ended)
    assert inferred > len(ended) / 10
    backwards = [
        r
        for r in large.records("incidents")
        if (mitigated := moment(r, "mitigated_at"))
        and (started := moment(r, "started_at"))
        and mitigated < started
    ]
    assert 0 < len(backwards) < len(ended) / 20


def test_graver_incidents_are_rarer_and_over_sooner(large: Workspace) -> None:
    minutes: dict[str, list[float]] = {}
    for incident in large.records("incidents"):
        severity = incident.attributes["severity"]
        started, mitigated = moment(incident, "started_at"), moment(incident, "mitigated_at")
        if incident.attributes["kind"] == "normal" and severity and started and mitigated:
            level = severity["data"]["attributes"]["severity"]
            minutes.setdefault(level, []).append((mitigated - started) / timedelta(minutes=1))
    medians = {level: sorted(values)[len(values) // 2] for level, values in minutes.items()}
    assert medians["high"] < medians["medium"] < medians["low"]
    assert len(minutes["critical"]) < len(minutes["high"]) < len(minutes["medium"])


def first_alerts(workspace: Workspace) -> list[tuple[Record, datetime]]:
    """The incidents that have alerts, each with the moment when the first of these fired."""
    return [
        (incident, min(moment(alert, "started_at") or workspace.now for alert in alerts))
        for incident in workspace.records("incidents")
        if (
            alerts := [
                workspace.get("alerts", ref["id"]) for ref in incident.links.get("alerts", [])
            ]
        )
    ]


def test_alerts_fire_minutes_before_somebody_declares_the_incident_or_now_and_then_after_it(
    large: Workspace,
) -> None:
    lags = sorted(
        ((moment(incident, "created_at") or fired) - fired) / timedelta(minutes=1)
        for incident, fired in first_alerts(large)
    )
    before = [lag for lag in lags if lag >= 0]
    assert 2 < before[len(before) // 2] < 10
    assert before[len(before) * 95 // 100] > 15
    assert before[-1] <= 90
    assert 0.02 < 1 - len(before) / len(lags) < 0.2
    for incident, fired in first_alerts(large):
        if incident.attributes["source"] == "alert":
            assert fired <= (moment(incident, "created_at") or NOW)


def test_what_an_alert_told_of_was_detected_when_it_fired_or_when_it_began(
    large: Workspace,
) -> None:
    told = [
        (detected, moment(incident, "started_at"), fired)
        for incident, fired in first_alerts(large)
        if (detected := moment(incident, "detected_at"))
        and fired < (moment(incident, "created_at") or NOW)
    ]
    late = [each for each in told if each[0] not in each[1:]]
    # Where a start is put right later on, what was seen and when stays as it was.
    assert len(late) < len(told) / 20
    assert all(detected >= fired for detected, _, fired in told)


def test_an_alert_is_attached_once_both_are_there_mostly_at_once_and_else_by_hand(
    large: Workspace,
) -> None:
    later: list[bool] = []
    for event in large.records("alert_events"):
        if event.attributes["action"] == "attached":
            attached = moment(event, "created_at")
            declared = datetime.fromisoformat(event.attributes["incident"]["created_at"])
            alert = large.get("alerts", event.attributes["alert_id"])
            assert attached
            assert alert
            assert attached >= max(declared, moment(alert, "started_at") or NOW)
            (incident,) = event.attributes["incident_ids"]
            assert {"type": "incidents", "id": incident} in alert.links["incidents"]
            later.append(attached > declared)
    assert 0.1 < sum(later) / len(later) < 0.35


def test_more_alerts_fire_by_day_than_by_night(large: Workspace) -> None:
    hours = Counter[int]()
    for alert in large.records("alerts"):
        fired = moment(alert, "created_at")
        assert fired
        hours[fired.hour] += 1
    by_day, by_night = sum(hours[h] for h in range(9, 21)), sum(hours[h] for h in range(7))
    assert by_day / 12 > 1.5 * by_night / 7


def test_alerts_scale_with_incidents_and_events_with_alerts(large: Workspace) -> None:
    alerts, events = len(large.records("alerts")), len(large.records("alert_events"))
    assert 2 * 800 < alerts < 4 * 800
    assert 4 * alerts < events < 8 * alerts


def test_an_event_is_never_older_than_its_alert(large: Workspace) -> None:
    fired = {alert.id: alert.attributes["created_at"] for alert in large.records("alerts")}
    for event in large.records("alert_events"):
        alerted = datetime.fromisoformat(fired[event.attributes["alert_id"]])
        assert datetime.fromisoformat(event.attributes["created_at"]) >= alerted


def test_what_fires_of_a_service_while_an_alert_is_not_over_joins_its_group(
    large: Workspace,
) -> None:
    alerts = {alert.id: alert for alert in large.records("alerts")}
    led = {id_: a.attributes["group_leader_alert_id"] for id_, a in alerts.items()}
    members = {id_: leader for id_, leader in led.items() if leader}
    assert 0.05 < len(members) / len(alerts) < 0.3
    leaders = {id_ for id_, alert in alerts.items() if alert.attributes["is_group_leader_alert"]}
    assert leaders == set(members.values())
    assert not leaders & members.keys(), "a leader follows nobody"
    for id_, leader in members.items():
        member, leading = alerts[id_], alerts[leader]
        for name in ("service_ids", "environment_ids", "noise"):
            assert member.attributes[name] == leading.attributes[name]
        began = moment(leading, "started_at")
        assert began
        assert began <= (moment(member, "started_at") or NOW)
        assert member.ref in leading.links["group_member_alerts"]


def test_a_member_of_a_group_pages_nobody_and_ends_with_its_leader(large: Workspace) -> None:
    statuses = ("acknowledged", "resolved", "retriggered")
    acknowledged = 0
    for alert in large.records("alerts"):
        leader = large.get("alerts", str(alert.attributes["group_leader_alert_id"]))
        if leader is None:
            assert alert.links["notified_users"]
            continue
        events, theirs = (
            large.nested("alert_events", "alert_id", each.id) for each in (alert, leader)
        )
        assert not [event for event in events if event.attributes["kind"] == "notification"]
        assert "notified_users" not in alert.links
        assert alert.attributes["ended_at"] == leader.attributes["ended_at"]
        happened = [
            [(event.attributes["action"], moment(event, "created_at")) for event in each]
            for each in (events, theirs)
        ]
        followed = [each for each in happened[0] if each[0] in statuses]
        since = moment(alert, "created_at") or NOW
        assert followed == [e for e in happened[1] if e[0] in statuses and (e[1] or NOW) >= since]
        acknowledged += any(action == "acknowledged" for action, _ in followed)
    assert acknowledged


def test_every_reference_leads_somewhere(large: Workspace) -> None:
    for type_ in large.types():
        for record in large.records(type_):
            for refs in record.links.values():
                assert all(large.get(ref["type"], ref["id"]) for ref in refs)


@pytest.mark.slow
def test_somebody_is_on_call_for_every_team_at_any_time(large: Workspace) -> None:
    for schedule in large.records("schedules"):
        shifts = large.nested("shifts", "schedule_id", schedule.id)
        for hours in range(-24 * 60, 24 * 30, 5):
            when = large.now + timedelta(hours=hours)
            on_shift = [
                shift
                for shift in shifts
                if not shift.attributes["is_override"]
                and (starts := moment(shift, "starts_at"))
                and (ends := moment(shift, "ends_at"))
                and starts <= when < ends
            ]
            assert len(on_shift) == 1, (schedule.attributes["name"], when)


@pytest.mark.parametrize(("type_", "names"), SECRETS.items())
def test_credentials_can_be_told_apart(
    large: Workspace, type_: str, names: tuple[str, ...]
) -> None:
    for name in names:
        values = [record.attributes[name] for record in large.records(type_)]
        assert any(values)
        assert all("sandbox-secret-" in value for value in values if value)
