"""Databricks: dlt puts Parquet files into a volume of Unity Catalog and copies them into a table."""

import ssl
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from pydantic import Field

from rootly_assets.catalogue import ColumnType
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.errors import unreachable
from rootly_assets.warehouse.cloud.warehouse import CloudWarehouse

# Seconds.
REACHED_WITHIN = 10

# JSON is text here; the comment tells such a column from others.
TYPES = {
    ColumnType.TEXT: "STRING",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.DATE: "DATE",
    ColumnType.JSON: "STRING",
}


class DatabricksWarehouse(CloudWarehouse):
    """The warehouse of the project in a catalog of Databricks."""

    host: str = Field(description="The workspace's host name.")
    http_path: str = Field(description="The SQL warehouse's path there.")
    token: str = Field(description="An access token.", repr=False)
    catalog: str = Field(default="main", description="The catalog of Unity Catalog.")

    @property
    def place(self) -> str:
        """Host and catalog."""
        return f"{self._host}/{self.catalog}"

    def dialect(self) -> Dialect:
        """How Databricks says things."""
        import dlt
        from dlt.common.data_writers.escape import escape_databricks_literal

        return Dialect(
            title="Databricks",
            capabilities=dlt.destinations.databricks().capabilities(),
            escape=escape_databricks_literal,
            types=TYPES,
            marks={ColumnType.JSON: "COMMENT 'JSON'"},
            reported={
                "STRING": ColumnType.TEXT,
                "BIGINT": ColumnType.INTEGER,
                "DOUBLE": ColumnType.NUMBER,
                "BOOLEAN": ColumnType.BOOLEAN,
                "TIMESTAMP": ColumnType.TIMESTAMP,
                "DATE": ColumnType.DATE,
            },
            parsed="{}",
            said="{}",
            columns="SELECT table_name, column_name, "
            "CASE WHEN comment = 'JSON' THEN 'JSON' ELSE upper(full_data_type) END "
            "FROM information_schema.columns "
            "WHERE table_schema = 'rootly' ORDER BY table_name, ordinal_position",
            forbidden=" ,;{}()\n\t=.",
            variables=(
                "DATABRICKS_HOST",
                "DATABRICKS_HTTP_PATH",
                "DATABRICKS_TOKEN",
                "DATABRICKS_CATALOG",
            ),
        )

    def obstacle(self) -> str | None:
        """That nothing answers there: its client tries that for a quarter of an hour without a word."""
        try:
            # Through a proxy if there is one, as the client does.
            urlopen(f"https://{self._host}/", timeout=REACHED_WITHIN).close()
        except HTTPError:
            return None  # it answers
        except (OSError, HTTPException) as error:
            # Which certificates count is for the client to say.
            if not isinstance(getattr(error, "reason", error), ssl.SSLError):
                return unreachable(self.dialect(), self.place, error)
        return None

    def destination(self) -> Any:
        """The same place for dlt."""
        import dlt
        from dlt.destinations.impl.databricks.configuration import DatabricksCredentials

        credentials = DatabricksCredentials()
        credentials.server_hostname = self._host
        credentials.http_path = self.http_path
        credentials.access_token = self.token
        credentials.catalog = self.catalog
        # Times without a zone are UTC, whatever the warehouse's own.
        credentials.session_timezone = "UTC"
        return dlt.destinations.databricks(credentials=credentials)

    @property
    def _host(self) -> str:
        return self.host.removeprefix("https://").rstrip("/")


WAREHOUSE = DatabricksWarehouse
