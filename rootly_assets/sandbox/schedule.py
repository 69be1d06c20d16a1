"""What is going to happen in the workspace, in order of time."""

import heapq
from collections.abc import Callable
from datetime import datetime

Action = Callable[[], None]


class Schedule:
    """Actions waiting for their time. Two at the same instant run in the order they were added."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Action]] = []
        self._added = 0

    def at(self, when: datetime, action: Action) -> None:
        """Run `action` when the clock reaches `when`."""
        self._added += 1
        heapq.heappush(self._waiting, (when, self._added, action))

    def due(self, until: datetime) -> tuple[datetime, Action] | None:
        """Take the next action that is due at `until` or before, with its time; None if none is."""
        if not self._waiting or self._waiting[0][0] > until:
            return None
        when, _, action = heapq.heappop(self._waiting)
        return when, action
