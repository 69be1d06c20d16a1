"""A whole Rootly workspace in memory, on a clock: what the sandbox's server reads and tests change."""

import random
import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.schedule import Action, Schedule
from rootly_assets.sandbox.store import Store

TIME_ZONE = ZoneInfo("America/Los_Angeles")


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
        self._lock = threading.RLock()

    @classmethod
    def build(
        cls,
        *,
        seed: int = 7,
        incidents: int = 400,
        now: datetime | None = None,
        history: timedelta = timedelta(days=180),
    ) -> "Workspace":
        """Build a workspace with a past.

        Args:
            seed: chooses everything that is left to chance.
            incidents: how many incidents the past holds; alerts and the rest scale with it. With 0
                the workspace is empty, settings included.
            now: where the clock ends up, an aware datetime; the real time by default.
            history: how long the past is.
        """
        from rootly_assets.sandbox.company import found  # it needs this module

        end = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
        workspace = cls(seed=seed, now=end - history)
        if incidents > 0:
            found(workspace, incidents=incidents, history=history)
        workspace.advance(end - workspace.now)
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
        """Keep a new record; `created_at` and `updated_at` are set to now where they are missing."""
        with self._lock:
            stamp = self.timestamp(self._now)
            record.attributes.setdefault("created_at", stamp)
            record.attributes.setdefault("updated_at", record.attributes["created_at"])
            self._store.add(record)
            return record

    def update(self, type: str, id: str, **attributes: Any) -> Record:
        """Change attributes of a record and set its `updated_at` to now; KeyError if unknown."""
        with self._lock:
            record = self._known(type, id)
            record.attributes.update(attributes)
            record.attributes["updated_at"] = self.timestamp(self._now)
            record.changed()
            self._store.touch(type)
            return record

    def relate(self, type: str, id: str, name: str, others: list[Record]) -> None:
        """Add `others` to the to-many relationship `name` of a record; its times stay as they are."""
        with self._lock:
            record = self._known(type, id)
            linkage = record.relationships.setdefault(name, {"data": []})["data"]
            linkage.extend(other.ref for other in others if other.ref not in linkage)
            record.changed()
            self._store.touch(type)

    def delete(self, type: str, id: str) -> None:
        """Remove a record, and what is nested below it, for good; KeyError if unknown."""
        with self._lock:
            self._known(type, id)
            self._store.remove(type, id)

    def records(self, type: str) -> list[Record]:
        """All records of a type in order of creation: the truth that a reader should arrive at."""
        with self._lock:
            return self._store.of_type(type)

    def nested(self, type: str, parameter: str, parent: str) -> list[Record]:
        """The records of a type below a parent, e.g. `("incident_events", "incident_id", id)`."""
        with self._lock:
            return self._store.of_parent(type, parameter, parent)

    def get(self, type: str, id: str) -> Record | None:
        """A record, or None if there is none."""
        with self._lock:
            return self._store.get(type, id)

    def types(self) -> list[str]:
        """The types that have records."""
        with self._lock:
            return self._store.types()

    def version(self, type: str) -> int:
        """A number that grows with every change to a type."""
        return self._store.version(type)

    def at(self, when: datetime, action: Action) -> None:
        """Let something happen when the clock reaches `when`."""
        with self._lock:
            self._schedule.at(when, action)

    def advance(self, delta: timedelta) -> None:
        """Move the clock on and let everything happen that falls due on the way."""
        with self._lock:
            until = self._now + delta
            while due := self._schedule.due(until):
                when, action = due
                self._now = max(self._now, when)
                action()
            self._now = until

    def _known(self, type: str, id: str) -> Record:
        record = self._store.get(type, id)
        if record is None:
            raise KeyError(f"no {type} with id {id} in the workspace")
        return record
