"""What a raw table can be: the formats, where they are served, and what DuckDB needs to read them."""

import duckdb

from rootly_assets.warehouse.extensions import load
from rootly_assets.warehouse.object_store import AZURE, GCS

# Each with the extensions of DuckDB that read it, in the order in which they are loaded.
FORMATS: dict[str, tuple[str, ...]] = {
    "parquet": (),
    "delta": ("delta",),
    "iceberg": ("avro", "iceberg"),
}

# Where a format's library has not the credentials that DuckDB has.
NOT_SERVED = {("delta", GCS), ("iceberg", GCS), ("iceberg", AZURE)}


def load_format(connection: duckdb.DuckDBPyConnection, table_format: str) -> None:
    """Let a connection read a format.

    Raises:
        NotConfigured: an extension of DuckDB is missing.
    """
    for extension in FORMATS[table_format]:
        load(connection, extension, table_format)
