"""The table of the warehouse's tests in a DuckLake."""

from rootly_assets.warehouse.ducklake.warehouse import DuckLakeWarehouse
from rootly_assets_tests.warehouse.table import Table


class LakeTable(Table):
    def opened(self) -> DuckLakeWarehouse:
        """The warehouse that it is in."""
        folder = self.database.parent / "lake"
        return DuckLakeWarehouse(
            database=str(folder / "catalog.ducklake"), data=str(folder / "files"), lock_wait=0.2
        )
