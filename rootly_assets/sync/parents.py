"""Whose children to read: ids of the records of a parent table."""

import msgspec


class Parents(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a parent table, by what became of them.

    Attributes:
        present: ids of those whose children are to be read.
        gone: ids of those that vanished, and their children with them.
    """

    present: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
