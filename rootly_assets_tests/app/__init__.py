"""The figures of the dashboard, without a browser."""
