"""Whose children to read: ids of the records of a parent table."""

from collections.abc import Sequence
from typing import Any, Self

import msgspec


class Parents(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a parent table, by what became of them.

    Attributes:
        present: ids of those whose children are to be read.
        gone: ids of those that vanished, and their children with them.
    """

    present: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> Self:
        """From rows of an id and whether the record is gone."""
        return cls(
            present=tuple(row[0] for row in rows if not row[1]),
            gone=tuple(row[0] for row in rows if row[1]),
        )
