"""Tables in new DuckDB files."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.once import once
from rootly_assets_tests.warehouse.both import (
    Both,
    Outcome,
    Settings,
    refreshed_both,
    refreshed_duckdb,
)
from rootly_assets_tests.warehouse.table import Table

NewTable = Callable[[Endpoint], Table]


@pytest.fixture(scope="session")
def on_duckdb(shared: Path, manifest: Path) -> tuple[Path, Outcome]:
    """The folder of a DuckDB file into which a workspace was refreshed, and how that went."""
    folder = shared / "on_duckdb"
    return folder, once(folder, lambda folder: refreshed_duckdb(folder, manifest))


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory,
    manifest: Path,
    on_duckdb: tuple[Path, Outcome],
    elsewhere: Settings,
) -> Iterator[Both]:
    """One workspace, refreshed into DuckDB and into the destination that the module's `elsewhere` names."""
    folder = tmp_path_factory.mktemp("both")
    with refreshed_both(folder, manifest, on_duckdb, elsewhere) as both:
        yield both


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
