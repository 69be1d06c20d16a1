"""Reading from a DuckLake."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from rootly_assets.installation import command
from rootly_assets.warehouse.confinement import ConfinedSource
from rootly_assets.warehouse.duckdb_reading import FileSession, nothing_yet
from rootly_assets.warehouse.ducklake.lake import attach, file_of, hide_address
from rootly_assets.warehouse.reading import DatasetError, Source


@dataclass(frozen=True)
class LakeSession(FileSession):
    """The lake, open for reading."""

    catalog: str = field(repr=False)

    def _asked(self, query: str, parameters: Any) -> duckdb.DuckDBPyConnection:
        try:
            return super()._asked(query, parameters)
        except duckdb.Error as error:
            hide_address(error, self.catalog)
            raise


@dataclass(frozen=True)
class LakeSource(Source):
    """A DuckLake, by its catalog, whose address may hold a password, and the place of its files."""

    catalog: str = field(repr=False)
    data: str

    @contextmanager
    def open(self) -> Generator[FileSession]:
        """A connection that only reads; where the catalog is a file, it keeps writers out meanwhile."""
        file = file_of(self.catalog)
        if file is not None and not file.exists():
            raise DatasetError(
                f"There is no catalog of a DuckLake at {file}. `{command('refresh')}` makes it; "
                "ROOTLY_DUCKLAKE_CATALOG names another."
            )
        with nothing_yet() as connection:
            try:
                attach(connection, self.catalog, self.data, read_only=True)
            except duckdb.Error as error:
                if file is not None and isinstance(error, duckdb.IOException):
                    raise DatasetError(
                        f"The DuckLake at {self.data} can't be opened: another process may be writing to "
                        "its catalog. Try again in a moment."
                    ) from error
                raise DatasetError(
                    f"The catalog of the DuckLake at {self.data} can't be opened: {error}"
                ) from error
            yield LakeSession(connection, self.catalog)

    def confined(self) -> ConfinedSource:
        """The same, and no other file or address."""
        return ConfinedSource(self, (self.data,))
