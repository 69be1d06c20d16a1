"""The table of the warehouse's tests in what passes for a Redshift, told in the words of DuckDB."""

from rootly_assets.warehouse.cloud.redshift import RedshiftWarehouse
from rootly_assets_tests.postgres_server import PASSWORD, Database
from rootly_assets_tests.warehouse.cloud_table import CloudTable
from rootly_assets_tests.warehouse.postgres.table import PostgresTable


class RedshiftTable(CloudTable, PostgresTable):
    def opened(self) -> RedshiftWarehouse:
        return warehouse(self.postgres)


def warehouse(database: Database) -> RedshiftWarehouse:
    """The warehouse of the project in a database of the tests."""
    return RedshiftWarehouse(
        host="127.0.0.1",
        port=str(database.server.port),
        database=database.name,
        user="tester",
        password=PASSWORD,
        sslmode="disable",
    )
