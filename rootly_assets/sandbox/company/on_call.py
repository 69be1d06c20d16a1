"""On-call: a schedule for each team, its rotations around the world, and the shifts they make."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rootly_assets.sandbox.company.teams import Organization
from rootly_assets.sandbox.company.vocabulary import hash_of, slug
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

HORIZON = timedelta(days=60)
_FOLLOW_THE_SUN = ("Platform", "Checkout", "Payments")
_DAYS = ("M", "T", "W", "R", "F", "S", "U")
_A_MONDAY = date(2024, 1, 1)


@dataclass(slots=True)
class Rotation:
    """A turn-taking: who has it changes every Monday at the handoff.

    Attributes:
        id: of its record.
        users: in order of their turns.
        zone: time zone of the handoff.
        handoff: hour of the handoff.
        hours: how long a shift is: 168 for a week, 12 where two halves of the world share the day.
        next_day: the day of the next shift to be laid out.
    """

    id: str
    users: list[Record]
    zone: ZoneInfo
    handoff: int
    hours: int
    next_day: date = field(default=_A_MONDAY)

    def user_of(self, day: date) -> Record:
        """Whose turn a shift is that begins on a day."""
        return self.users[(day - _A_MONDAY).days // 7 % len(self.users)]

    def start(self, day: date) -> datetime:
        """When the shift of a day begins."""
        return datetime.combine(day, time(self.handoff), self.zone)

    def user_at(self, when: datetime) -> Record | None:
        """Who is on shift at a moment, if it is within this rotation's hours."""
        local = when.astimezone(self.zone)
        day = local.date() if local.hour >= self.handoff else local.date() - timedelta(days=1)
        since = (local.hour - self.handoff) % 24
        return None if self.hours < 24 and since >= self.hours else self.user_of(day)


class OnCall:
    """Schedules by team name, and who is on shift when.

    Attributes:
        schedules: schedule records by team name.
    """

    def __init__(self, workspace: Workspace, organization: Organization) -> None:
        self._workspace = workspace
        self._organization = organization
        self._rotations: dict[str, list[Rotation]] = {}
        self._next_shift = 70310
        self.schedules: dict[str, Record] = {}
        for team in organization.teams:
            self._add_schedule(team)
        self._lay_out()

    def user_at(self, team: str, when: datetime) -> Record:
        """Who of a team is on shift at a moment."""
        for rotation in self._rotations[team]:
            if user := rotation.user_at(when):
                return user
        return self._organization.members[team][0]

    def _add_schedule(self, team: str) -> None:
        workspace, people = self._workspace, self._organization.members[team]
        channel = {"id": f"C2{hash_of(team):09X}", "name": f"on-call-{slug(team)}"}
        made = _made(workspace, 600)
        schedule = workspace.add(
            Record(
                "schedules",
                workspace.new_id(),
                {
                    "name": f"{team} on-call",
                    "description": f"First response for {team}",
                    "all_time_coverage": True,
                    "slack_user_group": {"id": f"S{hash_of(team):09X}", "name": slug(team)},
                    "slack_channel": channel,
                    "owner_group_ids": [self._organization.teams[team].id],
                    "owner_user_id": int(people[0].id),
                    "sync_linear_enabled": False,
                    "include_shadows_in_slack_notifications": False,
                    "shift_start_notifications_enabled": True,
                    "shift_update_notifications_enabled": True,
                    "shift_report_enabled": True,
                    "shift_report_day_of_week": "monday",
                    "shift_report_time_of_day": "09:00",
                    "shift_report_time_zone": people[0].attributes["time_zone"],
                    **made,
                },
            )
        )
        self.schedules[team] = schedule
        workspace.link("groups", self._organization.teams[team].id, "schedules", [schedule])
        west = [user for user in people if user.attributes["time_zone"].startswith("America")]
        east = [user for user in people if user not in west]
        pacific = ZoneInfo("America/Los_Angeles")
        if team in _FOLLOW_THE_SUN:
            halves = (("Americas", west, 8), ("Europe", east, 20))
            self._rotations[team] = [
                self._add_rotation(schedule, name, users, pacific, at, 12)
                for name, users, at in halves
            ]
        else:
            zone = ZoneInfo(people[0].attributes["time_zone"])
            self._rotations[team] = [self._add_rotation(schedule, "Weekly", people, zone, 9, 168)]

    def _add_rotation(
        self,
        schedule: Record,
        name: str,
        users: list[Record],
        zone: ZoneInfo,
        handoff: int,
        hours: int,
    ) -> Rotation:
        workspace = self._workspace
        made = _made(workspace, 590)
        ends = f"{(handoff + hours) % 24:02d}:00"
        active = [{"start_time": f"{handoff:02d}:00", "end_time": ends}]
        record = workspace.add(
            Record(
                "schedule_rotations",
                workspace.new_id(),
                {
                    "schedule_id": schedule.id,
                    "name": name,
                    "position": len(workspace.records("schedule_rotations")) + 1,
                    "schedule_rotationable_type": "ScheduleWeeklyRotation",
                    "active_all_week": hours == 168,
                    "active_days": list(_DAYS),
                    "active_time_type": "all_day" if hours == 168 else "same_time",
                    "active_time_attributes": [] if hours == 168 else active,
                    "time_zone": str(zone),
                    "schedule_rotationable_attributes": {
                        "handoff_time": f"{handoff:02d}:00",
                        "handoff_day": "M",
                    },
                    "start_time": made["created_at"],
                    "end_time": None,
                    **made,
                },
                parents={"schedule_id": schedule.id},
            )
        )
        parents = {"schedule_rotation_id": record.id}
        for position, user in enumerate(users, 1):
            attributes = {
                "schedule_rotation_id": record.id,
                "user_id": int(user.id),
                "position": position,
                **made,
            }
            member = Record("schedule_rotation_users", workspace.new_id(), attributes)
            member.parents.update(parents)
            workspace.add(member)
            workspace.link("users", user.id, "schedules", [schedule])
        for day in () if hours == 168 else _DAYS:
            attributes = {
                "schedule_rotation_id": record.id,
                "day_name": day,
                "active_time_attributes": active,
                **made,
            }
            active_day = Record("schedule_rotation_active_days", workspace.new_id(), attributes)
            active_day.parents.update(parents)
            workspace.add(active_day)
        monday = workspace.now.date() - timedelta(days=workspace.now.weekday() + 14)
        return Rotation(record.id, users, zone, handoff, hours, monday)

    def _lay_out(self) -> None:
        """Add the shifts up to the horizon, and come back tomorrow."""
        workspace = self._workspace
        until = (workspace.now + HORIZON).date()
        for team, rotations in self._rotations.items():
            for rotation in rotations:
                for day in _days_until(rotation, until):
                    self._add_shift(team, rotation, rotation.start(day), rotation.user_of(day))
                    if workspace.random.random() < 0.03:
                        self._plan_override(team, rotation, day)
        workspace.at(workspace.now + timedelta(days=1), self._lay_out)

    def _add_shift(self, team: str, rotation: Rotation, start: datetime, user: Record) -> Record:
        start = start.astimezone(UTC)
        return self._shift(team, rotation, start, start + timedelta(hours=rotation.hours), user)

    def _plan_override(self, team: str, rotation: Rotation, day: date) -> None:
        """Somebody will take part of a shift over: mostly before it begins, at times afterwards."""
        workspace = self._workspace
        length = timedelta(hours=min(rotation.hours, 24))
        start = rotation.start(day).astimezone(UTC)
        stand_in = workspace.random.choice(self._organization.members[team])
        asked = start - timedelta(days=workspace.random.uniform(-1.5, 6))

        def take_over() -> None:
            shift = self._shift(team, rotation, start, start + length, stand_in, override=True)
            if workspace.random.random() < 0.5:
                self._add_coverage_request(shift, rotation.user_of(day))
            if workspace.random.random() < 0.3:
                self._add_shadow(shift, team)

        workspace.at(max(asked, workspace.now), take_over)

    def _shift(
        self,
        team: str,
        rotation: Rotation,
        start: datetime,
        end: datetime,
        user: Record,
        *,
        override: bool = False,
    ) -> Record:
        workspace, schedule = self._workspace, self.schedules[team]
        self._next_shift += 1
        attributes: dict[str, Any] = {
            "schedule_id": schedule.id,
            "rotation_id": rotation.id,
            "starts_at": workspace.timestamp(start),
            "ends_at": workspace.timestamp(end),
            "is_override": override,
            "is_shadow": False,
            "user_id": int(user.id),
        }
        shift = Record("shifts", str(self._next_shift), attributes)
        shift.parents["schedule_id"] = schedule.id
        shift.relationships.update(
            user={"data": user.ref}, assignee={"data": user.ref}, shift_override={"data": None}
        )
        return workspace.add(shift)

    def _add_coverage_request(self, shift: Record, asking: Record) -> None:
        shown = {key: shift.attributes[key] for key in ("schedule_id", "starts_at", "ends_at")}
        self._workspace.add(
            Record(
                "shift_coverage_requests",
                self._workspace.new_id(),
                {
                    "shift_id": shift.id,
                    "original_shift_user_id": int(asking.id),
                    "created_by_user_id": int(asking.id),
                    **shown,
                },
                parents={"schedule_id": shift.attributes["schedule_id"]},
            )
        )

    def _add_shadow(self, shift: Record, team: str) -> None:
        shadow = self._organization.members[team][-1]
        schedule = shift.attributes["schedule_id"]
        self._workspace.add(
            Record(
                "on_call_shadows",
                self._workspace.new_id(),
                {
                    "schedule_id": schedule,
                    "shadowable_type": "User",
                    "shadowable_id": str(shift.attributes["user_id"]),
                    "shadow_user_id": int(shadow.id),
                    "starts_at": shift.attributes["starts_at"],
                    "ends_at": shift.attributes["ends_at"],
                },
                parents={"schedule_id": schedule},
            )
        )


def _days_until(rotation: Rotation, until: date) -> Iterator[date]:
    step = timedelta(days=7 if rotation.hours == 168 else 1)
    while rotation.next_day <= until:
        yield rotation.next_day
        rotation.next_day += step


def _made(workspace: Workspace, days: int) -> dict[str, str]:
    made = workspace.timestamp(workspace.now - timedelta(days=days))
    return {"created_at": made, "updated_at": made}
