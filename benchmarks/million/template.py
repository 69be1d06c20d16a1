"""A resource object cut at what differs from week to week: its id, and the dates of its times."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from rootly_assets.sandbox import Record
from rootly_assets.sandbox.unstamped import visible

_DATED = re.compile(r"\d{4}-\d\d-\d\dT")
# No record holds it, and JSON writes it as it is.
_CUT = "\x7f"


@dataclass(frozen=True, slots=True)
class Template:
    """One record of the repeated week.

    Attributes:
        id: of the original.
        created, updated: seconds since 1970.
        size: of the resource object, in bytes.
    """

    id: str
    created: float
    updated: float
    size: int
    _pieces: tuple[bytes, ...]
    _dates: tuple[bytes, ...]

    @classmethod
    def of(cls, record: Record) -> "Template":
        """Cut a record; its times are those attributes whose names end in `_at`."""
        attributes: dict[str, Any] = {}
        dates: list[str] = []
        for name, value in visible(record.type, record.attributes).items():
            if name.endswith("_at") and isinstance(value, str) and _DATED.match(value):
                dates.append(value[:10])
                attributes[name] = _CUT + value[10:]
            else:
                attributes[name] = value
        shown = Record(record.type, _CUT, attributes, record.relationships)
        opening, *pieces = shown.json().split(_CUT.encode())
        assert len(pieces) == len(dates) + 1, "each cut is a piece"
        return cls(
            id=record.id,
            created=_instant(record, "created_at"),
            updated=_instant(record, "updated_at"),
            size=len(record.json()),
            _pieces=(opening, *pieces),
            _dates=tuple(date.encode() for date in dates),
        )

    def repeated_id(self, turn: int) -> str:
        """The id that the record has when it comes for the `turn`th time, counted from 0."""
        return f"{self.id[:-12]}{turn:06d}{self.id[-6:]}"

    def json(self, turn: int, moved: Callable[[bytes], bytes]) -> bytes:
        """The resource object in that turn.

        Args:
            turn: which week it is.
            moved: gives the date in that week for a date of the original.
        """
        opening, after_id, *others = self._pieces
        parts = [opening, self.repeated_id(turn).encode(), after_id]
        for date, piece in zip(self._dates, others, strict=True):
            parts += (moved(date), piece)
        return b"".join(parts)


def changed(json: bytes, stamp: str) -> bytes:
    """A resource object that somebody has edited at a time, given as the API writes it."""
    resource = msgspec.json.decode(json, type=dict[str, Any])
    resource["attributes"] |= {"updated_at": stamp, "summary": "Changed"}
    return msgspec.json.encode(resource)


def _instant(record: Record, name: str) -> float:
    return datetime.fromisoformat(record.attributes[name]).timestamp()
