"""Tests of PostgreSQL as the warehouse, on a real server."""
