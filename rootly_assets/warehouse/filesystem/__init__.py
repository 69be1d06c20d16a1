"""A folder or bucket of files that any tool can read: one Parquet file, Delta or Iceberg table a raw table."""
