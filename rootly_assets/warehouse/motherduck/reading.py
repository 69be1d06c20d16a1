"""Reading from MotherDuck."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rootly_assets.installation import command
from rootly_assets.warehouse.confinement import ConfinedSource
from rootly_assets.warehouse.duckdb_reading import FileSession, not_opened, nothing_yet
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.motherduck.database import attach, file_of, is_remote
from rootly_assets.warehouse.reading import DatasetError, Source


@dataclass(frozen=True)
class MotherDuckSource(Source):
    """A database of MotherDuck's, by its address."""

    address: str

    @contextmanager
    def open(self) -> Generator[FileSession]:
        """A transaction that only reads: MotherDuck attaches nothing read only, but for tokens made for it.

        Raises:
            DatasetError: the database can't be opened, or no refresh has made the file that stands in.
        """
        file = file_of(self.address)
        if file is not None and not file.exists():
            raise DatasetError(
                f"There is no DuckDB file at {file}. `{command('refresh')}` makes it; "
                "ROOTLY_MOTHERDUCK_DATABASE names another."
            )
        with nothing_yet() as connection:
            try:
                attach(connection, self.address)
            except WarehouseError as error:
                raise DatasetError(str(error)) from error
            except duckdb.IOException as error:
                raise not_opened(Path(self.address), error) from error
            connection.execute("BEGIN TRANSACTION READ ONLY")
            yield FileSession(connection)

    def confined(self) -> ConfinedSource:
        """The same; of what is outside of it, a file that stands in shows nothing, MotherDuck what it will."""
        return ConfinedSource(self, reads_elsewhere=is_remote(self.address))
