"""Tests of Redshift as the warehouse, on a PostgreSQL server that has learnt a few of its words."""
