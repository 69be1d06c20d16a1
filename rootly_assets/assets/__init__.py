"""Dagster's view of the project: raw tables and dbt models as assets, with their checks."""
