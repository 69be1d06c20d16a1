"""What the next read has to know of the rows that are there: the same questions to every warehouse."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from rootly_assets.catalogue import Endpoint
from rootly_assets.sql import constant, literal, quoted
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.shaping.columns import DELETED_AT, SYNCED_AT


class Spelling(Protocol):
    """How a warehouse says names and values; all of it safe, whatever they hold."""

    def name(self, name: str) -> str:
        """A column."""
        ...

    def table(self, table: str) -> str:
        """A raw table."""
        ...

    def constant(self, value: datetime) -> str:
        """An instant."""
        ...

    def as_text(self, value: str) -> str:
        """A value as text: some ids are whole numbers where they say what is linked to."""
        ...

    def any_of(self, value: str, texts: Sequence[str]) -> str:
        """Whether a value is one of some texts, of which there may be many."""
        ...


class DuckDBSpelling:
    """DuckDB's, in a connection that uses the schema of raw tables."""

    def name(self, name: str) -> str:
        """A column."""
        return quoted(name)

    def table(self, table: str) -> str:
        """A raw table."""
        return quoted(table)

    def constant(self, value: datetime) -> str:
        """An instant."""
        return constant(value)

    def as_text(self, value: str) -> str:
        """A value as text."""
        return f"{value}::VARCHAR"

    def any_of(self, value: str, texts: Sequence[str]) -> str:
        """Whether a value is one of some texts: one list, since several of them take DuckDB a minute."""
        return f"{value} IN (SELECT unnest([{', '.join(map(literal, texts))}]::VARCHAR[]))"


class Lookups:
    """The part of a warehouse that answers these questions, by its spelling."""

    def spelling(self) -> Spelling:
        """How it says names and values."""
        raise NotImplementedError

    def answer(self, query: str) -> Iterable[Sequence[Any]]:
        """The rows of a query.

        Raises:
            WarehouseError: the warehouse can't be reached, or refuses.
        """
        raise NotImplementedError

    def parents(self, table: str, since: datetime | None) -> Parents:
        """Records of a table that came, changed or vanished after a time; all present ones for None."""
        say = self.spelling()
        identity, deleted = say.name("id"), say.name(DELETED_AT)
        # Two queries, since for one with a condition on both columns DuckDB would look at every row of a
        # long table.
        conditions = (
            [f"{deleted} IS NULL"]
            if since is None
            else [
                f"{say.name(column)} > {say.constant(since)}" for column in (SYNCED_AT, DELETED_AT)
            ]
        )
        found = " UNION ALL ".join(
            f"SELECT {identity}, CASE WHEN {deleted} IS NULL THEN 0 ELSE 1 END "
            f"FROM {say.table(table)} WHERE {condition}"
            for condition in conditions
        )
        return Parents.of(sorted({(row[0], row[1]) for row in self.answer(found)}))

    def within(
        self, table: str, column: str, since: datetime | None, until: datetime | None
    ) -> tuple[str, ...]:
        """Ids of the present records of a table whose time in a column lies in a span."""
        say = self.spelling()
        bounds = (
            f"{say.name(column)} {sign} {say.constant(moment)}"
            for sign, moment in ((">=", since), ("<=", until))
            if moment is not None
        )
        conditions = " AND ".join((f"{say.name(DELETED_AT)} IS NULL", *bounds))
        return self._ids(f"SELECT {say.name('id')} FROM {say.table(table)} WHERE {conditions}")

    def children(self, endpoint: Endpoint, parents: Sequence[str]) -> Mapping[str, str]:
        """Ids of the present rows of a nested list that are below some parents, each with its parent's."""
        if endpoint.parent is None or not parents:
            return {}
        say = self.spelling()
        above = say.as_text(say.name(endpoint.parent.parameter))
        found = self.answer(
            f"SELECT {say.name('id')}, {above} FROM {say.table(endpoint.table)} "
            f"WHERE {say.name(DELETED_AT)} IS NULL AND {say.any_of(above, parents)}"
        )
        return {row[0]: row[1] for row in found}

    def orphaned(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of records that are gone while rows of a nested list below them are not marked."""
        return self._above(endpoint, "IS NOT NULL AND EXISTS")

    def childless(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of present records below which no row of a nested list is present."""
        return self._above(endpoint, "IS NULL AND NOT EXISTS")

    def _above(self, endpoint: Endpoint, which: str) -> tuple[str, ...]:
        """Ids of records by whether they are marked, and whether rows of a nested list are present below."""
        above = endpoint.parent
        if above is None or above.table is None:
            return ()
        say = self.spelling()
        identity, deleted = say.name("id"), say.name(DELETED_AT)
        parent = say.as_text(f"below.{say.name(above.parameter)}")
        return self._ids(
            f"SELECT {identity} FROM {say.table(above.table)} above WHERE above.{deleted} {which} "
            f"(SELECT 1 FROM {say.table(endpoint.table)} below "
            f"WHERE {parent} = above.{identity} AND below.{deleted} IS NULL)"
        )

    def _ids(self, query: str) -> tuple[str, ...]:
        return tuple(sorted(row[0] for row in self.answer(query)))
