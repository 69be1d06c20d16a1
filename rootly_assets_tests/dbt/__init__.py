"""The dbt project: what its marts say, on raw tables made by hand."""
