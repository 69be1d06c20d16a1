"""Redshift: dlt sends rows as INSERT statements, as it does without a bucket between."""

from typing import Any

from pydantic import Field

from rootly_assets.catalogue import ColumnType
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.warehouse import CloudWarehouse

TYPES = {
    ColumnType.TEXT: "VARCHAR(65535)",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE PRECISION",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIMESTAMP: "TIMESTAMPTZ",
    ColumnType.DATE: "DATE",
    ColumnType.JSON: "SUPER",
}


class RedshiftWarehouse(CloudWarehouse):
    """The warehouse of the project in a Redshift database."""

    host: str = Field(description="The cluster's or workgroup's endpoint.")
    port: str = Field(default="5439", description="The port there.")
    database: str = Field(description="The database.")
    user: str = Field(description="A user that may create schemas in it.")
    password: str = Field(description="The user's password.", repr=False)
    sslmode: str = Field(default="require", description="As in libpq: disable … verify-full.")

    @property
    def place(self) -> str:
        """Host, port and database."""
        return f"{self.host}:{self.port}/{self.database}"

    def dialect(self) -> Dialect:
        """How Redshift says things."""
        import dlt
        from dlt.common.data_writers.escape import escape_redshift_literal

        return Dialect(
            title="Redshift",
            capabilities=dlt.destinations.redshift().capabilities(),
            escape=escape_redshift_literal,
            types=TYPES,
            reported={
                "CHARACTER VARYING": ColumnType.TEXT,
                "BIGINT": ColumnType.INTEGER,
                "DOUBLE PRECISION": ColumnType.NUMBER,
                "BOOLEAN": ColumnType.BOOLEAN,
                "TIMESTAMP WITH TIME ZONE": ColumnType.TIMESTAMP,
                "DATE": ColumnType.DATE,
            },
            parsed="JSON_PARSE({})",
            said="JSON_SERIALIZE({})",
            columns="SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'rootly' ORDER BY table_name, ordinal_position",
            holds_nul=False,
            replaces=False,
            variables=(
                *("REDSHIFT_HOST", "REDSHIFT_PORT", "REDSHIFT_DATABASE"),
                *("REDSHIFT_USER", "REDSHIFT_PASSWORD", "REDSHIFT_SSLMODE"),
            ),
        )

    def destination(self) -> Any:
        """The same place for dlt."""
        import dlt
        from dlt.destinations.impl.redshift.configuration import RedshiftCredentials

        credentials = RedshiftCredentials()
        credentials.host = self.host
        credentials.port = int(self.port)
        credentials.database = self.database
        credentials.username = self.user
        credentials.password = self.password
        credentials.query = {"sslmode": self.sslmode}
        return dlt.destinations.redshift(credentials=credentials)


WAREHOUSE = RedshiftWarehouse
