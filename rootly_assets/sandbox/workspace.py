"""A whole Rootly workspace in memory, on a clock: the server reads it, tests change it."""

import gc
import random
import threading
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.schedule import Action, Schedule
from rootly_assets.sandbox.store import Store

TIME_ZONE = ZoneInfo("America/Los_Angeles")


@contextmanager
def _collector_at_rest() -> Generator[None]:
    """Pause garbage collection: nothing of a new workspace is garbage, and looking doubles time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Workspace:
    """Records, a clock, and the things that happen as the clock moves on.

    The same seed, size and start give the same workspace, byte for byte. Every method may be
    called from any thread.

    Attributes:
        random: the only source of chance; draw from it only inside `build` or scheduled actions.
    """

    def __init__(self, *, seed: int, now: datetime) -> None:
        self.random = random.Random(seed)
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._store = Store()
        self._schedule = Schedule()
        self._afterwards: list[Action] = []
        self._lock = threading.RLock()

    @classmethod
    def build(
        cls,
        *,
        seed: int = 7,
        incidents: int = 400,
        now: datetime | None = None,
        history: timedelta = timedelta(days=200),
    ) -> "Workspace":
        """Build a workspace with a past.

        Args:
            seed: chooses everything that is left to chance.
            incidents: how many incidents the past holds; alerts and the rest scale with it. With 0
                the workspace is empty, settings included.
            now: where the clock ends up, an aware datetime; the real time by default.
            history: how long the past is; by default long enough to hold the last 90 days beside
                the 90 days before them.
        """
        # The company is made of workspaces: imported at the top, the two would go in a circle.
        from rootly_assets.sandbox.company import found

        end = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
        workspace = cls(seed=seed, now=end - history)
        if incidents > 0:
            with _collector_at_rest():
                found(workspace, incidents=incidents, history=history)
        else:
            workspace.advance(history)
        return workspace

    @property
    def now(self) -> datetime:
        """The workspace's clock, in UTC."""
        return self._now

    @property
    def lock(self) -> threading.RLock:
        """Hold it to see several records at one instant."""
        return self._lock

    def new_id(self) -> str:
        """A fresh UUID, drawn from the workspace's own chance."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def timestamp(self, when: datetime) -> str:
        """ISO 8601 with milliseconds and the workspace's offset, as Rootly writes times."""
        return when.astimezone(TIME_ZONE).isoformat(timespec="milliseconds")

    def add(self, record: Record) -> Record:
        """Keep a new record; `created_at` and `updated_at` become now where they are missing."""
        with self._lock:
            stamp = self.timestamp(self._now)
            record.attributes.setdefault("created_at", stamp)
            record.attributes.setdefault("updated_at", record.attributes["created_at"])
            self._store.add(record)
            return record

    def update(self, type_: str, id_: str, /, **attributes: Any) -> Record:
        """Change attributes of a record and set its `updated_at` to now; KeyError if unknown."""
        with self._lock:
            record = self._known(type_, id_)
            record.attributes.update(attributes)
            record.attributes["updated_at"] = self.timestamp(self._now)
            record.changed()
            self._store.touch(type_)
            return record

    def link(self, type_: str, id_: str, name: str, others: Sequence[Record]) -> None:
        """Link a record to `others`, shown as relationship `name` when a client includes it.

        The record's times stay as they are: Rootly does not promise that a link touches them.
        """
        with self._lock:
            linked = self._known(type_, id_).links.setdefault(name, [])
            linked.extend(other.ref for other in others if other.ref not in linked)
            self._store.touch(type_)

    def delete(self, type_: str, id_: str, /) -> None:
        """Remove a record, and what is nested below it, for good; KeyError if unknown."""
        with self._lock:
            self._known(type_, id_)
            self._store.remove(type_, id_)

    def records(self, type_: str) -> list[Record]:
        """All records of a type in order of creation: the truth that a reader should arrive at."""
        with self._lock:
            return self._store.of_type(type_)

    def nested(self, type_: str, parameter: str, parent: str) -> list[Record]:
        """The records of a type below a parent, e.g. `("incident_events", "incident_id", id)`."""
        with self._lock:
            return self._store.of_parent(type_, parameter, parent)

    def get(self, type_: str, id_: str, /) -> Record | None:
        """A record, or None if there is none."""
        with self._lock:
            return self._store.get(type_, id_)

    def types(self) -> list[str]:
        """The types that have records."""
        with self._lock:
            return self._store.types()

    def version(self, type_: str) -> int:
        """A number that grows with every change to a type."""
        return self._store.version(type_)

    def at(self, when: datetime, action: Action) -> None:
        """Let something happen when the clock reaches `when`."""
        with self._lock:
            self._schedule.at(when, action)

    def afterwards(self, action: Action) -> None:
        """Let something happen at the end of every `advance`."""
        with self._lock:
            self._afterwards.append(action)

    def advance(self, delta: timedelta) -> None:
        """Move the clock on and let everything happen that falls due on the way."""
        with self._lock:
            until = self._now + delta
            while due := self._schedule.due(until):
                when, action = due
                self._now = max(self._now, when)
                action()
            self._now = until
            for action in self._afterwards:
                action()

    def _known(self, type_: str, id_: str, /) -> Record:
        record = self._store.get(type_, id_)
        if record is None:
            raise KeyError(f"no {type_} with id {id_} in the workspace")
        return record
