"""Tables in new DuckDB files."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.system.refreshed import Once
from rootly_assets_tests.warehouse.both import Both, Settings, refreshed_both
from rootly_assets_tests.warehouse.table import THINGS, Table

# Tests that several modules take over; what fails in them is to be explained too.
pytest.register_assert_rewrite("rootly_assets_tests.warehouse.same_refresh")

MakeTable = Callable[[Path, Endpoint], Table]
NewTable = Callable[[Endpoint], Table]


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, on_duckdb: Once, elsewhere: Settings
) -> Iterator[Both]:
    """One workspace, refreshed into DuckDB and into the destination that the module's `elsewhere` names."""
    folder = tmp_path_factory.mktemp("both")
    with refreshed_both(folder, on_duckdb, elsewhere) as both:
        yield both


@pytest.fixture
def make_table() -> MakeTable:
    """Makes a table of an endpoint, with its files in a folder; other warehouses have one of their own."""
    return Table


@pytest.fixture
def things(tmp_path: Path, make_table: MakeTable) -> Table:
    return make_table(tmp_path, THINGS)


@pytest.fixture
def new_table(tmp_path: Path, make_table: MakeTable) -> NewTable:
    """Makes a table of an endpoint, in a warehouse of its own."""
    numbers = count(1)

    def make(endpoint: Endpoint) -> Table:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return make_table(folder, endpoint)

    return make
