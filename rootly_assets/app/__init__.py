"""The dashboard: a marimo app that reads the warehouse and never writes to it."""
