"""The table of the warehouse's tests in a cloud warehouse."""

from rootly_assets.catalogue import ColumnType
from rootly_assets.sync.shaping.columns import SQL_TYPES
from rootly_assets.warehouse.cloud.tables import existing_tables
from rootly_assets.warehouse.state_table import STATE_TABLE
from rootly_assets_tests.warehouse.table import Table


class CloudTable(Table):
    def dropped(self) -> None:
        """Somebody drops the table; the next run makes it anew."""
        with self.warehouse.session() as session:
            session.run(f"DROP TABLE {session.dialect.table(self.endpoint.table)}")
        self.warehouse.prepare([self.endpoint])

    def ages(self) -> None:
        """It was made by a release that kept no note of what is to be read again; this one prepares it."""
        with self.warehouse.session() as session:
            table, column = session.dialect.table(STATE_TABLE), session.dialect.name("unread")
            session.run(f"ALTER TABLE {table} DROP COLUMN {column}")
        assert self.warehouse.states_at_once(), "looking does not wait for somebody to prepare it"
        self.warehouse.prepare([self.endpoint])

    def types(self) -> dict[str, str]:
        """Types of the columns in the words of DuckDB."""
        with self.warehouse.session() as session:
            found = existing_tables(session)[self.endpoint.table]
        names = {**SQL_TYPES, ColumnType.TIMESTAMP: "TIMESTAMP WITH TIME ZONE"}
        return {name: names[kind] for name, kind in found.items()}
