"""Snowflake: dlt puts Parquet files into a stage and copies them into a table."""

from typing import Any

from pydantic import Field

from rootly_assets.catalogue import ColumnType
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.warehouse import CloudWarehouse

TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIMESTAMP: "TIMESTAMP_TZ",
    ColumnType.DATE: "DATE",
    ColumnType.JSON: "VARIANT",
}


class SnowflakeWarehouse(CloudWarehouse):
    """The warehouse of the project in a Snowflake database."""

    account: str = Field(description="The account's identifier, like orgname-accountname.")
    user: str = Field(description="A user that may create schemas in the database.")
    password: str = Field(
        description="The user's password, or a programmatic access token.", repr=False
    )
    warehouse: str = Field(description="The virtual warehouse that does the work.")
    database: str = Field(description="The database.")
    role: str = Field(default="", description="The role; the user's own by default.")
    host: str = Field(default="", description="Where the account is, if not at its usual address.")
    port: str = Field(default="", description="The port there.")
    protocol: str = Field(default="", description="https, or http.")

    @property
    def place(self) -> str:
        """Account and database."""
        return f"{self.account}/{self.database}"

    def dialect(self) -> Dialect:
        """How Snowflake says things."""
        import dlt
        from dlt.common.data_writers.escape import escape_snowflake_literal

        return Dialect(
            title="Snowflake",
            capabilities=dlt.destinations.snowflake().capabilities(),
            escape=escape_snowflake_literal,
            types=TYPES,
            reported={
                "TEXT": ColumnType.TEXT,
                "NUMBER": ColumnType.INTEGER,
                "FLOAT": ColumnType.NUMBER,
                "BOOLEAN": ColumnType.BOOLEAN,
                "TIMESTAMP_TZ": ColumnType.TIMESTAMP,
                "DATE": ColumnType.DATE,
            },
            parsed="PARSE_JSON({})",
            said="TO_JSON({})",
            columns="SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'ROOTLY' ORDER BY table_name, ordinal_position",
            variables=(
                *("SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PASSWORD"),
                *("SNOWFLAKE_ROLE", "SNOWFLAKE_WAREHOUSE", "SNOWFLAKE_DATABASE"),
                *(f"SNOWFLAKE_{name.upper()}" for name in self._elsewhere()),
            ),
        )

    def destination(self) -> Any:
        """The same place for dlt."""
        import dlt
        from dlt.destinations.impl.snowflake.configuration import SnowflakeCredentials

        credentials = SnowflakeCredentials()
        credentials.host = self.account
        credentials.username = self.user
        credentials.password = self.password
        credentials.database = self.database
        credentials.warehouse = self.warehouse
        credentials.role = self.role or None
        credentials.query = self._elsewhere()
        return dlt.destinations.snowflake(
            credentials=credentials, create_indexes=False, keep_staged_files=False
        )

    def _elsewhere(self) -> dict[str, str]:
        """What is set of where the account is, if not at its usual address."""
        all_of_it = {"host": self.host, "port": self.port, "protocol": self.protocol}
        return {name: said for name, said in all_of_it.items() if said}


WAREHOUSE = SnowflakeWarehouse
