"""Escalation policies: whom an alert pages, and whom next if nobody answers."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rootly_assets.sandbox.company.on_call import OnCall
from rootly_assets.sandbox.company.teams import Organization
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

_QUIET_HOURS = [
    {
        "start_day": day,
        "start_time": "22:00",
        "end_day": following,
        "end_time": "06:00",
    }
    for day, following in (("friday", "saturday"), ("saturday", "sunday"), ("sunday", "monday"))
]


@dataclass(frozen=True, slots=True)
class Escalation:
    """A team's escalation policy.

    Attributes:
        policy: its record.
        levels: the levels of its default path, first paged first.
    """

    policy: Record
    levels: list[Record]


def add_escalations(
    workspace: Workspace, organization: Organization, on_call: OnCall
) -> dict[str, Escalation]:
    """Add a policy with two paths for each team, and tie its services to it; by team name."""
    escalations = {
        team: _add_policy(workspace, organization, on_call, team) for team in organization.teams
    }
    for name, service in organization.services.items():
        policy = escalations[organization.owners[name]].policy
        service.attributes["escalation_policy_id"] = policy.id
        service.changed()
    return escalations


def _add_policy(
    workspace: Workspace, organization: Organization, on_call: OnCall, team: str
) -> Escalation:
    made = workspace.timestamp(workspace.now - timedelta(days=580))
    times = {"created_at": made, "updated_at": made}
    leader = organization.members[team][0]
    owned = [
        service.id
        for name, service in organization.services.items()
        if organization.owners[name] == team
    ]
    policy = workspace.add(
        Record(
            "escalation_policies",
            workspace.new_id(),
            {
                "name": f"{team} escalation",
                "description": f"Pages whoever is on call for {team}, then its lead, then the team",
                "repeat_count": 2,
                "created_by_user_id": int(leader.id),
                "last_updated_by_user_id": int(leader.id),
                "group_ids": [organization.teams[team].id],
                "service_ids": owned,
                "business_hours": {
                    "time_zone": leader.attributes["time_zone"],
                    "days": ["M", "T", "W", "R", "F"],
                    "start_time": "09:00",
                    "end_time": "17:00",
                },
                **times,
            },
        )
    )
    workspace.link("groups", organization.teams[team].id, "escalation_policies", [policy])
    schedule = {"id": on_call.schedules[team].id, "type": "schedule"}
    lead = {"id": leader.id, "type": "user"}
    everyone = {"id": organization.teams[team].id, "type": "team", "team_members": "all"}
    default = _add_path(workspace, policy, "Default", times, default=True)
    levels = [
        _add_level(workspace, policy, default, times, position, delay, target)
        for position, (delay, target) in enumerate(((0, schedule), (10, lead), (20, everyone)), 1)
    ]
    quiet = _add_path(workspace, policy, "Weekend nights", times, default=False)
    _add_level(workspace, policy, quiet, times, 1, 0, schedule)
    return Escalation(policy, levels)


def _add_path(
    workspace: Workspace, policy: Record, name: str, times: dict[str, str], *, default: bool
) -> Record:
    attributes: dict[str, Any] = {
        "name": name,
        "default": default,
        "notification_type": "audible" if default else "quiet",
        "path_type": "escalation",
        "escalation_policy_id": policy.id,
        "after_deferral_behavior": None,
        "after_deferral_path_id": None,
        "match_mode": "match-all-rules",
        "position": 1 if default else 2,
        "repeat": default,
        "repeat_count": 2 if default else 0,
        "initial_delay": 0,
        **times,
        "rules": [],
        "time_restriction_time_zone": None if default else "America/Los_Angeles",
        "time_restrictions": [] if default else _QUIET_HOURS,
    }
    path = Record("escalation_paths", workspace.new_id(), attributes)
    path.parents["escalation_policy_id"] = policy.id
    return workspace.add(path)


def _add_level(
    workspace: Workspace,
    policy: Record,
    path: Record,
    times: dict[str, str],
    position: int,
    delay: int,
    target: dict[str, str],
) -> Record:
    attributes: dict[str, Any] = {
        "escalation_policy_id": policy.id,
        "escalation_policy_path_id": path.id,
        "paging_strategy_configuration_strategy": "default",
        "paging_strategy_configuration_schedule_strategy": "on_call_only",
        "delay": delay,
        "position": position,
        **times,
        "notification_target_params": [target],
    }
    level = Record("escalation_levels", workspace.new_id(), attributes)
    level.parents.update(escalation_policy_id=policy.id, escalation_policy_path_id=path.id)
    return workspace.add(level)
