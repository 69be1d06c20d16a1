"""Tests of DuckLake as the warehouse, on files of a test's own."""
