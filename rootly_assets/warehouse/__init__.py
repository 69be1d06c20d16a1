"""Where the rows are kept: a DuckDB file, with each table's state beside its rows."""
