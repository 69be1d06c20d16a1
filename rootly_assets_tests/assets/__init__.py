"""The project as Dagster sees it, before anything runs."""
