"""Shifts, which are listed by a window of time: `from` and `to`."""

from datetime import timedelta

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.answers import RefusedError
from rootly_assets.sandbox.server.filters import instant
from rootly_assets.sandbox.server.query import Query
from rootly_assets.sandbox.server.selection import Selection, ordered
from rootly_assets.sandbox.workspace import Workspace

ALL_SHIFTS = "/v1/shifts"
SCHEDULE_SHIFTS = "/v1/schedules/{id}/shifts"
# Two months and one month, at their longest.
_LONGEST = {ALL_SHIFTS: timedelta(days=62), SCHEDULE_SHIFTS: timedelta(days=31)}


def select_shifts(workspace: Workspace, path: str, schedule: str | None, query: Query) -> Selection:
    """The shifts that overlap the window; those of now and the coming day without a window.

    Args:
        workspace: where the shifts are.
        path: `ALL_SHIFTS` or `SCHEDULE_SHIFTS`; RefusedError with 422 beyond its longest window.
        schedule: id of the schedule in the path, if there is one.
        query: the request's parameters.
    """
    start = query.time("from") or workspace.now
    end = query.time("to") or max(start, workspace.now) + timedelta(days=1)
    if end < start or end - start > _LONGEST[path]:
        months = "2 months" if path == ALL_SHIFTS else "1 month"
        raise RefusedError(
            422, "Unprocessable Entity", f"from and to must be at most {months} apart"
        )
    if schedule is None:
        rows = workspace.records("shifts")
    else:
        rows = workspace.nested("shifts", "schedule_id", schedule)
    users = set(query.all("user_ids"))
    schedules = set(query.all("schedule_ids"))

    def wanted(shift: Record) -> bool:
        starts, ends = instant(shift, "starts_at"), instant(shift, "ends_at")
        return (
            starts is not None
            and ends is not None
            and starts < end
            and ends > start
            and (not users or str(shift.attributes["user_id"]) in users)
            and (not schedules or shift.attributes["schedule_id"] in schedules)
        )

    return ordered([shift for shift in rows if wanted(shift)], "starts_at")
