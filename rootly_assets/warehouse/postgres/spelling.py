"""How PostgreSQL says names and values."""

from collections.abc import Iterable
from datetime import datetime

from rootly_assets.sql import constant, literal, quoted
from rootly_assets.warehouse.postgres.names import folded
from rootly_assets.warehouse.postgres.tables import qualified


class PostgresSpelling:
    """PostgreSQL's, for `Lookups`."""

    def name(self, name: str) -> str:
        """A column."""
        return quoted(folded(name))

    def table(self, table: str) -> str:
        """A raw table."""
        return qualified(table)

    def constant(self, value: datetime) -> str:
        """An instant."""
        return constant(value)

    def as_text(self, value: str) -> str:
        """A value as text."""
        return f"{value}::text"

    def any_of(self, value: str, texts: Iterable[str]) -> str:
        """Whether a value is one of some texts."""
        return f"{value} = ANY (ARRAY[{', '.join(map(literal, texts))}]::text[])"
