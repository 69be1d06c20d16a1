"""A DuckLake: rows in Parquet files, tables and transactions in a catalog that is a database."""
