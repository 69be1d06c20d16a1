"""Every rule of loading holds in Snowflake as it does in DuckDB: the same tests, on tables of fakesnow."""

from rootly_assets_tests.warehouse.test_large_batches import *
from rootly_assets_tests.warehouse.test_loading import *
from rootly_assets_tests.warehouse.test_older_catalogue import *
