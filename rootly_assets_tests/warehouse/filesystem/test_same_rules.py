"""Every rule of loading holds in files as it does in a DuckDB file: the same tests, for both formats."""

from rootly_assets_tests.warehouse.test_large_batches import *
from rootly_assets_tests.warehouse.test_loading import *
from rootly_assets_tests.warehouse.test_older_catalogue import *
