"""What the warehouse remembers about a table: how far it has been read, and when."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

# Each answer may come from another of Rootly's machines, with another clock.
CLOCKS_APART = timedelta(minutes=1)


class TableState(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `rootly._rootly_sync`, committed together with the rows it speaks of.

    Attributes:
        table_name: the table.
        watermark: everything that changed before this instant (the server's clock) has been read; the next
            incremental read starts here, less an overlap. None until a pass is complete.
        cursor: where an append-only feed goes on; for a nested list, after which parent a sweep does.
        back_to: how far back the first read of a long list has come: what was created before this instant
            has not been read yet. None once everything has.
        synced_at: the server's clock when the last complete pass over the list began.
        whole_at: the same for the last pass that read the list from end to end.
        loaded_at: when the run that committed the rows began, by this machine's clock.
        run_id: the run that committed them.
        unread: ids, with spaces between them, of the few parents below which Rootly failed to give what
            changed: they are asked again at every read until it does.
        redaction: the rules by which its rows were redacted (`api.redaction_rules`): those of the first read,
            and later those by which every row was read once more (of window lists: every row that a full
            refresh reads). None where these are not known.
    """

    table_name: str
    watermark: datetime | None = None
    cursor: str | None = None
    back_to: datetime | None = None
    synced_at: datetime | None = None
    whole_at: datetime | None = None
    loaded_at: datetime | None = None
    run_id: str | None = None
    unread: str | None = None
    redaction: str | None = None

    def doubt(self, now: datetime) -> str | None:
        """Why the watermark is not to be believed; None where it is, or there is none."""
        if self.watermark is None:
            return None
        said = f"watermark {self.watermark:%Y-%m-%d %H:%M}"
        if self.watermark > now + CLOCKS_APART:
            return f"{said} lies in the future: read again"
        if self.watermark != self.synced_at:
            # Both are written together: somebody has changed one of them.
            return f"{said} was not set by us: read again"
        return None

    def begins(self, now: datetime) -> bool:
        """Whether nothing is known of what has been read."""
        return self.watermark is None or self.doubt(now) is not None

    @property
    def unread_parents(self) -> tuple[str, ...]:
        """The ids in `unread`."""
        return tuple((self.unread or "").split())


def common(states: Sequence[TableState]) -> TableState:
    """The state of tables that are read together: as far as all of them have come."""
    first = states[0]
    if len(states) == 1:
        return first
    by_watermark = {each.watermark: each for each in states if each.watermark is not None}
    if any(each.watermark is None for each in states):
        return TableState(table_name=first.table_name)
    oldest = by_watermark[min(by_watermark)]
    behind = [each.back_to for each in states if each.back_to is not None]
    return msgspec.structs.replace(
        oldest, cursor=None, back_to=max(behind) if behind else None, unread=None
    )
