"""Snowflake, BigQuery, Redshift and Databricks as the warehouse: dlt brings rows there, our SQL merges them."""
