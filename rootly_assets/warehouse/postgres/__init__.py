"""PostgreSQL as the warehouse: DuckDB shapes rows in memory, one transaction takes them with their state."""
