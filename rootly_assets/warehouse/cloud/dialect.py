"""What tells one cloud warehouse from another, as data: names, literals and types; statements are the same."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from rootly_assets.catalogue import ColumnType

SCHEMA = "rootly"


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """One warehouse's way of saying things.

    Attributes:
        title: what people call it.
        capabilities: what dlt knows of it: quotes, folding, the longest name.
        escape: makes a string literal of a text.
        types: types of columns.
        marks: what is said after the type where a column is declared, of types that look like another.
        reported: types as its catalog reports them; what is not here is JSON to us.
        parsed: SQL for JSON of a text, with `{}` for the text.
        said: SQL for the text of JSON, such that equal JSON has equal text.
        columns: query for table, name and type of every column of schema `rootly`, in order.
        described: statement that describes a table, with `{table}` and `{text}`.
        forbidden: characters that no column's name can have.
        holds_nul: whether a text can have the NUL character.
        replaces: whether `CREATE OR REPLACE TABLE` is one step, which needs no transaction.
        variables: names of the variables that say where it is and who asks.
    """

    title: str
    capabilities: Any
    escape: Callable[[str], str]
    types: Mapping[ColumnType, str]
    reported: Mapping[str, ColumnType]
    parsed: str
    said: str
    columns: str
    marks: Mapping[ColumnType, str] = msgspec.field(default_factory=dict[ColumnType, str])
    described: str = "COMMENT ON TABLE {table} IS {text}"
    forbidden: str = ""
    holds_nul: bool = True
    replaces: bool = True
    variables: Sequence[str]

    @property
    def language(self) -> str:
        """What sqlglot calls it."""
        return self.title.lower()

    def name(self, name: str) -> str:
        """An identifier, folded as the warehouse folds what nobody quotes, and safe whatever it holds."""
        return self.capabilities.escape_identifier(self.capabilities.casefold_identifier(name))

    def table(self, table: str, schema: str = SCHEMA) -> str:
        """A table with its schema."""
        return f"{self.name(schema)}.{self.name(table)}"

    def literal(self, text: str) -> str:
        """A string literal, safe whatever it holds."""
        return self.escape(text)

    def constant(self, value: str | datetime | None, kind: ColumnType | None = None) -> str:
        """A value as SQL, of its column's type where that is given."""
        said = value.isoformat() if isinstance(value, datetime) else value
        if isinstance(value, datetime):
            kind = ColumnType.TIMESTAMP
        plain = "NULL" if said is None else self.literal(said)
        return plain if kind is None else f"CAST({plain} AS {self.types[kind]})"

    def as_text(self, value: str) -> str:
        """A value as text: some ids are whole numbers where they say what is linked to."""
        return f"CAST({value} AS {self.types[ColumnType.TEXT]})"

    def any_of(self, value: str, texts: Sequence[str]) -> str:
        """Whether a value is one of some texts; there may be more of them than a list can hold."""
        at_once = 1000
        lists = (
            ", ".join(map(self.literal, texts[start : start + at_once]))
            for start in range(0, len(texts), at_once)
        )
        return f"({' OR '.join(f'{value} IN ({each})' for each in lists) or '1 = 0'})"

    def declared(self, name: str, kind: ColumnType) -> str:
        """A column, as it is declared."""
        return f"{self.name(name)} {self.types[kind]} {self.marks.get(kind, '')}".rstrip()

    def kind(self, reported: str) -> ColumnType:
        """The type of a column as the warehouse's catalog says it."""
        return self.reported.get(reported.upper(), ColumnType.JSON)

    def is_unusable(self, name: str) -> bool:
        """Whether an attribute can't have a column of its name, from which the attribute is told again."""
        return (
            name != name.lower()
            or len(name.encode()) > self.capabilities.max_column_identifier_length
            or any(sign in self.forbidden for sign in name)
        )
