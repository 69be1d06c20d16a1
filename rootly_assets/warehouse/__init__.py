"""Where the rows are kept: a small interface, and DuckDB behind it."""
