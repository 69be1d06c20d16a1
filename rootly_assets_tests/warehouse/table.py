"""One table in a DuckDB file of a test's own, loaded batch by batch as a run would."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from rootly_assets.catalogue import ColumnType, Endpoint, Pages, PageStyle, Strategy
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.planning.plan import Window
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets.warehouse.state_table import STATE_TABLE

THINGS = Endpoint(
    table="things",
    path="/v1/things",
    domain="organization",
    type="things",
    strategy=Strategy.WHOLE,
    pages=Pages(style=PageStyle.NUMBERED),
    description="One row per thing, the team's and others'.",
    columns={
        "name": ColumnType.TEXT,
        "size": ColumnType.INTEGER,
        "starts_at": ColumnType.TIMESTAMP,
        "ends_at": ColumnType.TIMESTAMP,
        "updated_at": ColumnType.TIMESTAMP,
    },
)

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Record = Mapping[str, Any]
Row = dict[str, Any]


def thing(identity: str, **attributes: Any) -> Record:
    return {"id": identity, "type": "things", "attributes": attributes}


def with_columns(**columns: ColumnType) -> Endpoint:
    """The things of another edition of the catalogue."""
    return msgspec.structs.replace(THINGS, columns=columns)


class Table:
    """Attributes: `loads`, how many batches were loaded; load `n` is made at `BEGINNING` + n days."""

    def __init__(
        self, folder: Path, endpoint: Endpoint = THINGS, *, database: str = "things.duckdb"
    ) -> None:
        self.endpoint = endpoint
        self.database = folder / database
        self.warehouse = self.opened()
        self.warehouse.prepare([endpoint])
        self.loads = 0
        self._landing = folder / "landing.ndjson"

    def opened(self) -> Any:
        """The warehouse that it is in."""
        return DuckDBWarehouse(database=str(self.database), lock_wait=0.2)

    @property
    def now(self) -> datetime:
        return BEGINNING + timedelta(days=self.loads)

    def batch(
        self, records: Iterable[Record], *, sees_all: bool = True, window: Window | None = None
    ) -> Batch:
        landing = LandingFile(self._landing)
        landing.append(json.dumps(record).encode() for record in records)
        landing.close()
        state = TableState(
            table_name=self.endpoint.table,
            watermark=self.now,
            loaded_at=self.now,
            run_id=f"run-{self.loads}",
        )
        return Batch(
            endpoint=self.endpoint,
            landing=landing,
            sees_all=sees_all and window is None,
            window=window,
            state=state,
        )

    def load(
        self, records: Iterable[Record], *, sees_all: bool = True, window: Window | None = None
    ) -> Loaded:
        self.loads += 1
        return self.warehouse.load(self.batch(records, sees_all=sees_all, window=window))

    def dropped(self) -> None:
        """Somebody drops the table; the next run makes it anew."""
        with self.warehouse.get_connection() as connection:
            connection.execute(f'DROP TABLE "{self.endpoint.table}"')
        self.warehouse.prepare([self.endpoint])

    def ages(self) -> None:
        """It was made by a release that kept no note of what is to be read again; this one prepares it."""
        with self.warehouse.get_connection() as connection:
            connection.execute(f"ALTER TABLE {STATE_TABLE} DROP COLUMN unread")
        self.warehouse.prepare([self.endpoint])

    def becomes(self, endpoint: Endpoint) -> None:
        """A new release brings another edition of the catalogue."""
        self.endpoint = endpoint
        self.warehouse.prepare([endpoint])

    def rows(self) -> dict[str, Row]:
        """Every row by id, those marked as deleted too."""
        with self.warehouse.get_connection() as connection:
            found = connection.execute(f'SELECT * FROM "{self.endpoint.table}"')
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        assert len({row["id"] for row in rows}) == len(rows)
        return {row["id"]: row for row in rows}

    def types(self) -> dict[str, str]:
        with self.warehouse.get_connection() as connection:
            return dict(
                connection.execute(
                    "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?",
                    [self.endpoint.table],
                ).fetchall()
            )

    def comment(self) -> str:
        with self.warehouse.get_connection() as connection:
            (comment,) = connection.execute(
                "SELECT comment FROM duckdb_tables() WHERE table_name = ?", [self.endpoint.table]
            ).fetchone()
        return comment

    def state(self) -> TableState:
        return self.warehouse.states()[self.endpoint.table]
