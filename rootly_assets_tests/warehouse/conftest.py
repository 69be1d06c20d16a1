"""A table of things in a new DuckDB file."""

from pathlib import Path

import pytest

from rootly_assets_tests.warehouse.table import Table


@pytest.fixture
def things(tmp_path: Path) -> Table:
    return Table(tmp_path)
