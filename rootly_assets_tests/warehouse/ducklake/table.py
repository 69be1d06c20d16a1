"""The table of the warehouse's tests in a DuckLake."""

from pathlib import Path

from rootly_assets.catalogue import Endpoint
from rootly_assets.warehouse.ducklake.warehouse import DuckLakeWarehouse
from rootly_assets_tests.warehouse.table import THINGS, Table


class LakeTable(Table):
    def __init__(
        self, folder: Path, endpoint: Endpoint = THINGS, *, catalog: str = "", data: str = ""
    ) -> None:
        self.catalog = catalog or str(folder / "lake" / "catalog.ducklake")
        self.data = data or str(folder / "lake" / "files")
        super().__init__(folder, endpoint)

    def opened(self) -> DuckLakeWarehouse:
        """The warehouse that it is in."""
        return DuckLakeWarehouse(database=self.catalog, data=self.data, lock_wait=0.2)
