"""BigQuery: dlt sends Parquet files as load jobs."""

import os
from typing import Any

from pydantic import Field

from rootly_assets.catalogue import ColumnType
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.warehouse import CloudWarehouse

TYPES = {
    ColumnType.TEXT: "STRING",
    ColumnType.INTEGER: "INT64",
    ColumnType.NUMBER: "FLOAT64",
    ColumnType.BOOLEAN: "BOOL",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.DATE: "DATE",
    ColumnType.JSON: "JSON",
}


class BigQueryWarehouse(CloudWarehouse):
    """The warehouse of the project in a Google Cloud project; Google's client finds the credentials."""

    project: str = Field(description="The project, whose datasets it makes and fills.")
    location: str = Field(default="US", description="Where new datasets are.")

    @property
    def place(self) -> str:
        """The project."""
        return self.project

    def dialect(self) -> Dialect:
        """How BigQuery says things."""
        import dlt
        from dlt.common.data_writers.escape import escape_bigquery_literal

        return Dialect(
            title="BigQuery",
            capabilities=dlt.destinations.bigquery().capabilities(),
            escape=escape_bigquery_literal,
            types=TYPES,
            reported={name: kind for kind, name in TYPES.items()},
            # Otherwise a number that no double can hold exactly is refused.
            parsed="PARSE_JSON({}, wide_number_mode => 'round')",
            said="TO_JSON_STRING({})",
            columns="SELECT table_name, column_name, data_type FROM `rootly`.INFORMATION_SCHEMA.COLUMNS "
            "ORDER BY table_name, ordinal_position",
            described="ALTER TABLE {table} SET OPTIONS (description = {text})",
            forbidden='!"$()*,./;?@[\\]^`{}~ \t\n',
            variables=(
                "GOOGLE_CLOUD_PROJECT",
                "BIGQUERY_LOCATION",
                "GOOGLE_APPLICATION_CREDENTIALS",
            ),
        )

    def obstacle(self) -> str | None:
        """That Google's client finds no credentials: dlt says so in terms of its own settings."""
        import google.auth
        from google.auth.exceptions import DefaultCredentialsError

        try:
            google.auth.default()
        except DefaultCredentialsError as error:
            named = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
            why = f" ({str(error.args[0]).rstrip('.')})" if named else ""
            return (
                f"BigQuery at {self.place} can't be reached without credentials{why}: let "
                "GOOGLE_APPLICATION_CREDENTIALS name the file of a service account's key, or log in with "
                "`gcloud auth application-default login`."
            )
        return None

    def destination(self) -> Any:
        """The same place for dlt."""
        import dlt
        from dlt.common.configuration.specs import GcpServiceAccountCredentials

        credentials = GcpServiceAccountCredentials()
        credentials.project_id = self.project
        return dlt.destinations.bigquery(
            credentials=credentials, project_id=self.project, location=self.location
        )


WAREHOUSE = BigQueryWarehouse
