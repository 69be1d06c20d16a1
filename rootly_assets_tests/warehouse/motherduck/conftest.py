"""Tables in new databases, in place of those in DuckDB files."""

import pytest

from rootly_assets_tests.warehouse.conftest import MakeTable
from rootly_assets_tests.warehouse.motherduck.table import AttachedTable


@pytest.fixture
def make_table() -> MakeTable:
    return AttachedTable
