"""The project in the real Dagster UI, looked at through a real browser."""
