"""Tables in new DuckDB files."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.warehouse.table import Table

NewTable = Callable[[Endpoint], Table]


@pytest.fixture
def things(tmp_path: Path) -> Table:
    return Table(tmp_path)


@pytest.fixture
def new_table(tmp_path: Path) -> NewTable:
    """Makes a table of an endpoint, in a warehouse of its own."""
    numbers = count(1)

    def make(endpoint: Endpoint) -> Table:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return Table(folder, endpoint)

    return make
