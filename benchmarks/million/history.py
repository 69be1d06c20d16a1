"""A long list that is held nowhere: positions of records, and their bytes when they are asked for.

Position 0 is the record that was created last. Turn 0 is the week that ends now; every further turn
is the same week again, as many weeks earlier.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from benchmarks.million.template import Template, changed

WEEK = timedelta(days=7)


class History:
    """One list.

    Args:
        week: the records of one week; they may come in any order.
        now: where the week ends.
        rows: how many records the list has.
    """

    def __init__(self, week: Sequence[Template], *, now: datetime, rows: int) -> None:
        self._week = sorted(week, key=lambda each: (each.created, each.id))
        self._created = [each.created for each in self._week]
        self._now = now.timestamp()
        self._dates: dict[tuple[int, bytes], bytes] = {}
        self._changed: dict[int, bytes] = {}
        self._changed_at = self._now
        self.rows = rows
        beginning = self._now - WEEK.total_seconds()
        assert all(beginning < each.created <= self._now for each in week), "a week, and no more"
        assert all(each.updated <= self._now for each in week), "nothing happens after the week"

    def created(self, start: datetime | None, end: datetime | None) -> range:
        """Positions of what was created from `start` on and before `end`, newest first."""
        return range(
            0 if end is None else self._since(end),
            self.rows if start is None else self._since(start),
        )

    def updated(self, start: datetime) -> list[int]:
        """Positions of what was last changed from `start` on, newest first."""
        moment = start.timestamp()
        found = set(self._changed) if self._changed_at >= moment else set[int]()
        turn, rest = divmod(self._now - moment, WEEK.total_seconds())
        if turn >= 0:
            # What was changed in a week was created in it, or is one of those above.
            whole = min(self.rows, int(turn) * len(self._week))
            bound = self._now - rest
            found |= set(range(whole)) | {
                place
                for number, each in enumerate(reversed(self._week), whole)
                if each.updated >= bound and (place := number) < self.rows
            }
        return sorted(found)

    def change(self, rows: int, when: datetime, stamp: str) -> None:
        """Edit as many records: nine of ten among the newest ones, the others anywhere.

        The newest ones are a twentieth of the list, or as many as are edited where that is more.

        Args:
            rows: how many.
            when: the time of the edits.
            stamp: the same as the API writes it.
        """
        self._changed_at = when.timestamp()
        lately = max(1, rows * 9 // 10)
        recent = max(self.rows // 20, lately)
        places = [number * recent // lately for number in range(lately)]
        others = rows - lately
        places += [
            recent + number * (self.rows - recent) // max(1, others) for number in range(others)
        ]
        self._changed = {}
        for place in places:
            self._changed[place] = changed(self._original(place), stamp)
        assert len(self._changed) == rows, "the list is long enough for them"

    def json(self, position: int) -> bytes:
        """The resource object at a position."""
        return self._changed.get(position) or self._original(position)

    def _original(self, position: int) -> bytes:
        turn, place = divmod(position, len(self._week))
        return self._week[-1 - place].json(turn, lambda text: self._moved(turn, text))

    def _moved(self, turn: int, text: bytes) -> bytes:
        key = (turn, text)
        found = self._dates.get(key)
        if found is None:
            moved = date.fromisoformat(text.decode()) - turn * WEEK
            found = self._dates[key] = moved.isoformat().encode()
        return found

    def _since(self, moment: datetime) -> int:
        """How many records were created at a moment or later."""
        turn, rest = divmod(self._now - moment.timestamp(), WEEK.total_seconds())
        if turn < 0:
            return 0
        of_week = len(self._week) - bisect_left(self._created, self._now - rest)
        return min(self.rows, int(turn) * len(self._week) + of_week)
