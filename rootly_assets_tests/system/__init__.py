"""The project as a whole: real jobs on the sandbox, over HTTP, into real DuckDB files, with real dbt."""
