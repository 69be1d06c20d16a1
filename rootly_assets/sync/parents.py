"""Whose children to read: ids of the records of a parent table."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self
from zlib import crc32

import msgspec


class Parents(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a parent table, by what became of them.

    Attributes:
        present: ids of those whose children are to be read.
        gone: ids of those that vanished, and their children with them.
        childless: ids of those present ones below which nothing is in the nested list's table; none where they
            are not looked for.
        others: ids of those of whose children only some are to be read: what was created in a span of time.
        children: ids of the rows that are in the nested list's table below any of them; none where they are not
            looked for when they vanish.
    """

    present: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    childless: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    children: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> Self:
        """From rows of an id and whether the record is gone."""
        return cls(
            present=tuple(row[0] for row in rows if not row[1]),
            gone=tuple(row[0] for row in rows if row[1]),
        )

    def and_whose_turn_it_is(
        self, everyone: "Parents", today: date, *, at_once: int, most_turns: int
    ) -> Self:
        """These, and a share of everyone: each has its turn, by its id, once in so many days.

        Args:
            everyone: all records that are present.
            today: the day.
            at_once: so many at most have their turn on one day ...
            most_turns: ... unless that takes more days than this.
        """
        turns = min(max(1, -(-len(everyone.present) // at_once)), most_turns)
        turn = today.toordinal() % turns
        theirs = (each for each in everyone.present if crc32(each.encode()) % turns == turn)
        return self.and_those(theirs)

    def and_those(self, ids: Iterable[str]) -> Self:
        """These, and some more that are present."""
        return msgspec.structs.replace(self, present=tuple(sorted({*self.present, *ids})))
