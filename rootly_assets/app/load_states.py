"""How far each raw table has been loaded, as the warehouse itself remembers it, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rootly_assets.reader import Dataset

NEVER = "never read"
"""Of a list that was not asked for yet, or that the key may not read: the warehouse does not know which."""


@dataclass(frozen=True)
class LoadState:
    """What there is to say of a raw table.

    Attributes:
        words: how far it has been read.
        synced_at: when Rootly was last asked for all that had changed; None before the first time.
        whole_at: when it was last read from end to end; None before the first time.
    """

    words: str = NEVER
    synced_at: datetime | None = None
    whole_at: datetime | None = None


def load_states(dataset: Dataset) -> dict[str, LoadState]:
    """The state of each raw table that was ever loaded, by its name.

    Raises:
        DatasetError: the warehouse can't be read.
    """
    rows = dataset.portable(
        "SELECT table_name, synced_at, whole_at, back_to, unread FROM rootly._rootly_sync"
    ).records()
    return {
        row["table_name"]: LoadState(_words(row), row["synced_at"], row["whole_at"]) for row in rows
    }


def _words(row: dict[str, Any]) -> str:
    if row["synced_at"] is None:
        return "never read but for spans of time"
    back_to: datetime | None = row["back_to"]
    read = "read" if back_to is None else f"first read under way, back to {back_to:%Y-%m-%d}"
    missing = len((row["unread"] or "").split())
    return f"{read}; below {missing:,} records Rootly fails" if missing else read
