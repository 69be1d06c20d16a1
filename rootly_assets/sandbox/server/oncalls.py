"""Who is on call: worked out from escalation levels and shifts at the moment of asking."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.filters import instant
from rootly_assets.sandbox.server.query import Query
from rootly_assets.sandbox.workspace import Workspace


def oncalls(workspace: Workspace, query: Query) -> list[Record]:
    """The on-call entries between `since` and `until` (now, without them).

    Their ids are made up from policy, level, user and start: as at Rootly, they mean nothing.
    """
    since = query.time("since") or workspace.now
    until = query.time("until") or since
    policies = set(query.words("filter[escalation_policy_ids]"))
    schedules = set(query.words("filter[schedule_ids]"))
    users = set(query.words("filter[user_ids]"))
    kinds = set(query.words("filter[notification_types]"))

    def wanted(entry: Record) -> bool:
        attributes = entry.attributes
        return (
            (not policies or attributes["escalation_policy_id"] in policies)
            and (not schedules or attributes["schedule_id"] in schedules)
            and (not users or str(attributes["user_id"]) in users)
            and (not kinds or attributes["notification_type"] in kinds)
        )

    entries = [entry for entry in _entries(workspace, since, until) if wanted(entry)]
    if query.get("earliest") == "true":
        first: dict[tuple[Any, ...], Record] = {}
        for entry in sorted(entries, key=lambda entry: entry.attributes["starts_at"]):
            path = entry.attributes["escalation_policy_path_id"]
            first.setdefault((path, entry.attributes["escalation_level"]), entry)
        return list(first.values())
    return entries


def _entries(workspace: Workspace, since: datetime, until: datetime) -> Iterator[Record]:
    for level in workspace.records("escalation_levels"):
        policy = workspace.get("escalation_policies", level.attributes["escalation_policy_id"])
        path_id = level.attributes["escalation_policy_path_id"]
        path = workspace.get("escalation_paths", path_id) if path_id else None
        if policy is None or path is None or path.attributes["path_type"] == "deferral":
            continue
        for target in level.attributes["notification_target_params"]:
            if target["type"] == "schedule":
                schedule = workspace.get("schedules", target["id"])
                for shift in workspace.nested("shifts", "schedule_id", target["id"]):
                    starts, ends = instant(shift, "starts_at"), instant(shift, "ends_at")
                    if starts and ends and starts <= until and ends > since:
                        user = shift.attributes["user_id"]
                        yield _entry(
                            policy,
                            path,
                            level,
                            schedule=schedule,
                            user=user,
                            starts=starts,
                            ends=ends,
                        )
            elif target["type"] == "user":
                end = until + timedelta(days=1)
                user = int(target["id"])
                yield _entry(policy, path, level, schedule=None, user=user, starts=since, ends=end)


def _entry(
    policy: Record,
    path: Record,
    level: Record,
    *,
    schedule: Record | None,
    user: int,
    starts: datetime,
    ends: datetime,
) -> Record:
    name = f"{level.id}/{schedule.id if schedule else ''}/{user}/{starts.isoformat()}"
    linked = {"user": {"type": "users", "id": str(user)}, "escalation_policy": policy.ref}
    return Record(
        "on_call_resources",
        str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        {
            "escalation_policy_id": policy.id,
            "escalation_policy_name": policy.attributes["name"],
            "escalation_policy_path_id": path.id,
            "escalation_policy_path_name": path.attributes["name"],
            "notification_type": path.attributes["notification_type"],
            "is_default_path": path.attributes["default"],
            "escalation_level": level.attributes["position"],
            "schedule_id": schedule.id if schedule else None,
            "schedule_name": schedule.attributes["name"] if schedule else None,
            "user_id": user,
            "starts_at": starts.astimezone(UTC).isoformat(timespec="milliseconds"),
            "ends_at": ends.astimezone(UTC).isoformat(timespec="milliseconds"),
        },
        relationships={
            **{key: {"data": ref} for key, ref in linked.items()},
            "schedule": {"data": schedule.ref if schedule else None},
        },
    )
