"""Tests of MotherDuck as the warehouse: without an account a DuckDB file stands in, attached alike."""
