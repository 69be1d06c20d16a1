"""A plugin of dbt-duckdb: its connection comes to a lake, to MotherDuck and to files as ours do."""

import os

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from rootly_assets.settings import DEFAULT_DATABASE, destination, project_folder


class Plugin(BasePlugin):
    """Attaches what `ROOTLY_DESTINATION` names."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Make the connection ready, once a process."""
        # dbt works from inside its project's folder, paths count from the one above it.
        os.environ["ROOTLY_DUCKDB_PATH"] = str(
            project_folder().parent / (os.environ.get("ROOTLY_DUCKDB_PATH") or DEFAULT_DATABASE)
        )
        if destination() == "ducklake":
            from rootly_assets.warehouse.ducklake.lake import attach, catalog, data_path

            attach(conn, catalog(), data_path())
            conn.execute("USE memory")
        elif destination() == "motherduck":
            from rootly_assets.warehouse.motherduck.database import address, attach

            attach(conn, address())
            conn.execute("USE memory")
        elif destination() == "filesystem":
            from rootly_assets.warehouse.filesystem.place import bucket_url, table_format
            from rootly_assets.warehouse.filesystem.reading import make_views

            make_views(conn, bucket_url(), table_format())
