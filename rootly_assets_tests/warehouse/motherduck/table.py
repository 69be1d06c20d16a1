"""The table of the warehouse's tests in a database that is attached as one of MotherDuck's is."""

from rootly_assets.warehouse.motherduck.warehouse import MotherDuckWarehouse
from rootly_assets_tests.warehouse.table import Table


class AttachedTable(Table):
    def opened(self) -> MotherDuckWarehouse:
        """The warehouse that it is in."""
        return MotherDuckWarehouse(database=str(self.database), lock_wait=0.2)
