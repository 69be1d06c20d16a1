"""Tests of files as the warehouse: Parquet and Delta, in folders of a test's own and on a real S3 server."""
