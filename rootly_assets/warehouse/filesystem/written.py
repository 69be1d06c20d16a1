"""What is written into a table's files together with its rows: its state, and what its columns are."""

from collections.abc import Mapping
from uuid import uuid4

import msgspec

from rootly_assets.sync.state import TableState

# The key of it among what others may write there.
KEY = "rootly"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a table.

    Attributes:
        version: names it, and no other.
        description: what a row is.
        columns: names and types, as DuckDB says them.
        state: the state that was committed with these rows; None before the first load.
    """

    version: str = msgspec.field(default_factory=lambda: uuid4().hex)
    description: str
    columns: Mapping[str, str]
    state: TableState | None = None

    def said(self) -> str:
        """As text."""
        return msgspec.json.encode(self).decode()


def understood(text: str) -> Written:
    """What was written, from its text."""
    return msgspec.json.decode(text, type=Written)
