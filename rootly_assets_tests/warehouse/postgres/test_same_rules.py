"""Every rule of loading holds in PostgreSQL as it does in DuckDB: the same tests, on tables of the server."""

from rootly_assets_tests.warehouse.test_loading import *
from rootly_assets_tests.warehouse.test_older_catalogue import *
