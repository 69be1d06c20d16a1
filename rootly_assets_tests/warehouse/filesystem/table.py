"""The table of the warehouse's tests in files."""

import json
import shutil
from pathlib import Path

from rootly_assets.catalogue import Endpoint
from rootly_assets.warehouse.filesystem.warehouse import FilesystemWarehouse
from rootly_assets.warehouse.state_table import STATE_TABLE
from rootly_assets_tests.warehouse.table import THINGS, Row, Table


class FilesTable(Table):
    def __init__(
        self,
        folder: Path,
        endpoint: Endpoint = THINGS,
        *,
        table_format: str = "parquet",
        url: str = "",
    ) -> None:
        self.table_format = table_format
        self.url = url or str(folder / "files")
        super().__init__(folder, endpoint)

    def opened(self) -> FilesystemWarehouse:
        """The warehouse that it is in."""
        return FilesystemWarehouse(
            database=str(self.database),
            url=self.url,
            table_format=self.table_format,
            lock_wait=0.2,
        )

    def dropped(self) -> None:
        """Somebody removes the file or folder, or drops the table of a catalog; the next run makes it anew."""
        path = Path(self.url, "rootly", self.endpoint.table)
        if self.table_format == "parquet":
            path.with_suffix(".parquet").unlink()
        elif self.table_format == "delta":
            shutil.rmtree(path)
        else:
            self.warehouse.tables._catalog.drop_table(("rootly", self.endpoint.table))
        self.warehouse.prepare([self.endpoint])

    def ages(self) -> None:
        """It was made by a release that kept no note of what is to be read again."""
        for file in Path(self.url, "rootly", STATE_TABLE).glob("*.json"):
            state = json.loads(file.read_text())
            state.pop("unread", None)
            file.write_text(json.dumps(state))

    def rows(self) -> dict[str, Row]:
        """Every row by id."""
        with self.warehouse._seen(self.endpoint.table):
            return super().rows()

    def types(self) -> dict[str, str]:
        with self.warehouse._seen(self.endpoint.table):
            return super().types()

    def comment(self) -> str:
        with self.warehouse.get_connection() as connection:
            return self.warehouse.tables.found(connection)[self.endpoint.table].description
