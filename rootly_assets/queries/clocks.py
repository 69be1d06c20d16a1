"""Until when everything is known: of each list, when Rootly was last asked for it, by its own clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rootly_assets.reader import Dataset


@dataclass(frozen=True)
class Clocks:
    """The clocks of all lists, as the models' macro `data_loaded_at` has them.

    Attributes:
        synced_at: the last sync of each list, by its raw table; without those that were never read whole.
        back_to: how far back the first read of a list has come, where it is not done.
    """

    synced_at: Mapping[str, datetime]
    back_to: Mapping[str, datetime] = field(default_factory=dict[str, datetime])

    def of(self, table: str) -> datetime | None:
        """The clock of a list; the newest of any where it was never read, None before the first sync."""
        newest = max(self.synced_at.values(), default=None)
        return self.synced_at.get(table, newest)

    def were_read(self, table: str) -> bool:
        """Whether a list was ever read: else nobody knows what is in it."""
        return table in self.synced_at


def clocks(dataset: Dataset) -> Clocks:
    """The clocks of all lists, from the table of the syncs themselves: no model need be built.

    Raises:
        DatasetError: the warehouse can't be read.
    """
    rows = dataset.portable(
        "SELECT table_name, synced_at, back_to FROM rootly._rootly_sync WHERE synced_at IS NOT NULL"
    ).records()
    return Clocks(
        {row["table_name"]: row["synced_at"] for row in rows},
        {row["table_name"]: row["back_to"] for row in rows if row["back_to"] is not None},
    )


def in_zone(moment: datetime, time_zone: str) -> str:
    """An instant as people read it, and where days are cut.

    Args:
        moment: the instant.
        time_zone: IANA name of that zone.
    """
    here = moment.astimezone(ZoneInfo(time_zone))
    return f"{here:%d %b %Y, %H:%M} in {time_zone}, where days begin and end"
