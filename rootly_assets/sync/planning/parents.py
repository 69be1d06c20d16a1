"""Whose children to read: ids of the records of a parent table."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

import msgspec


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a parent table below which a nested list is read for the first time, committed together.

    Attributes:
        ids: the parents' ids.
        back_to: when the oldest record of this piece and those before it was created; None for the last piece.
    """

    ids: tuple[str, ...]
    back_to: datetime | None


class Parents(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a parent table, by what became of them.

    Attributes:
        present: ids of those whose children are to be read.
        gone: ids of those that vanished, and their children with them.
        childless: ids of those present ones below which nothing is in the nested list's table; none where they
            are not looked for.
        others: ids of those of whose children only some are to be read: what was created in a span of time.
        children: ids of the rows that are in the nested list's table below any of them, each with its parent's;
            none where they are not looked for when they vanish.
        pieces: those below which nothing was read before, newest first, where they are many.
        unread: ids of those present ones whose children Rootly failed to give when they were read last.
        in_turn: ids of those whose turn it is in a sweep, where only what is new is asked of the others.
        swept_to: id of the last whose turn it is in a sweep; None where it is nobody's.
    """

    present: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    childless: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    children: Mapping[str, str] = {}
    pieces: tuple[Piece, ...] = ()
    unread: frozenset[str] = frozenset()
    in_turn: tuple[str, ...] = ()
    swept_to: str | None = None

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> Self:
        """From rows of an id and whether the record is gone."""
        return cls(
            present=tuple(row[0] for row in rows if not row[1]),
            gone=tuple(row[0] for row in rows if row[1]),
        )

    def and_whose_turn_it_is(
        self, everyone: "Parents", swept_to: str | None, *, at_once: int, most_turns: int
    ) -> Self:
        """These, and a share of everyone: each has its turn, in the order of ids, once in so many sweeps.

        Args:
            everyone: all records that are present.
            swept_to: the last whose turn it was in the sweep before; None where there was none.
            at_once: so many at most have their turn in one sweep ...
            most_turns: ... unless that takes more sweeps than this.
        """
        share = max(at_once, -(-len(everyone.present) // most_turns))
        theirs = everyone.after(swept_to, share)
        last = theirs[-1] if theirs else None
        return msgspec.structs.replace(self.and_those(theirs), swept_to=last)

    def with_a_share_in_turn(self, swept_to: str | None, *, most_turns: int) -> Self:
        """The same, of which a share is read whole: each has its turn once in so many sweeps."""
        theirs = self.after(swept_to, -(-len(self.present) // most_turns))
        last = theirs[-1] if theirs else None
        return msgspec.structs.replace(self, in_turn=theirs, swept_to=last)

    def after(self, last: str | None, count: int) -> tuple[str, ...]:
        """So many of those present, in the order of ids, from the one after another on and round."""
        ids = sorted(self.present)
        next_one = bisect_right(ids, last or "")
        return (*ids[next_one:], *ids[:next_one])[:count]

    def and_those(self, ids: Iterable[str]) -> Self:
        """These, and some more that are present."""
        return msgspec.structs.replace(self, present=tuple(sorted({*self.present, *ids})))
