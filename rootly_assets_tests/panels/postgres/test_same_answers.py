"""PostgreSQL answers compiled panels as DuckDB does: the same tests, on tables of a server."""

from rootly_assets_tests.panels.test_compiler import *
from rootly_assets_tests.panels.test_parity import *
