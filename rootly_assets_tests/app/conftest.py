"""What tests of several tabs look at."""

from collections.abc import Iterator

import pytest

import rootly_assets
from rootly_assets.reader import Dataset
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.system.refreshed import Once


@pytest.fixture(scope="session")
def hundreds(build_of_hundreds: Build) -> Iterator[Dataset]:
    """The models on some hundred records, as the dashboard reads them."""
    with Dataset(FileSource(build_of_hundreds.database)).opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def dataset(on_duckdb: Once) -> Iterator[Dataset]:
    """A refreshed workspace, as the dashboard reads it."""
    with rootly_assets.dataset(on_duckdb.folder / "warehouse.duckdb").opened() as opened:
        yield opened
