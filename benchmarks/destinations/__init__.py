"""Our sync beside dlt, fed with JSON records, into warehouses other than a DuckDB file."""
