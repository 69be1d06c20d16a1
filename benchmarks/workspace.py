"""A workspace of exactly so many incidents and alerts, with those beyond the base as cheap copies."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rootly_assets.sandbox import Record, Workspace

# Larger workspaces repeat this many incidents (and their alerts) under new ids.
BASE_INCIDENTS = 20_000
SEED = 7


class Copy(Record):
    """A record that repeats another one under an id of its own, and holds no bytes of its own."""

    __slots__ = ("_original",)

    def __init__(self, original: Record, id_: str) -> None:
        super().__init__(original.type, id_, original.attributes)
        self._original = original

    def json(self) -> bytes:
        """The original's resource object with the copy's id."""
        opening = b'{"id":"%b"' % self._original.id.encode()
        body = self._original.json()
        assert body.startswith(opening), "a resource object begins with its id"
        return b'{"id":"%b"' % self.id.encode() + body[len(opening) :]


def build(*, incidents: int, alerts: int) -> Workspace:
    """Build a workspace with exactly so many incidents and alerts, and nothing else but its users.

    Args:
        incidents: how many; the sandbox makes up to `BASE_INCIDENTS`, the rest are copies.
        alerts: how many; the sandbox makes about 2.7 an incident, the rest are copies.
    """
    company = Workspace.build(seed=SEED, incidents=min(incidents, BASE_INCIDENTS))
    workspace = Workspace(seed=SEED, now=company.now)
    for type_, count in (("users", None), ("incidents", incidents), ("alerts", alerts)):
        base = company.records(type_)
        for record in base if count is None else islice(repeated(base), count):
            workspace.add(record)
    return workspace


def repeated(base: Sequence[Record]) -> Iterator[Record]:
    """The records, then copies of them without end."""
    yield from base
    turn = 1
    while True:
        for record in base:
            yield Copy(record, f"{record.id[:-6]}{turn:06d}")
        turn += 1
