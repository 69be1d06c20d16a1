"""Tests of Snowflake as the warehouse, on fakesnow: a DuckDB that speaks Snowflake's dialect and protocol."""
