"""A folder or bucket of files that any tool can read: one Parquet file or Delta table a raw table."""
