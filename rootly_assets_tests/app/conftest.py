"""What tests of several tabs look at."""

from collections.abc import Iterator

import pytest

from rootly_assets.reader import Dataset
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.dbt.dbt_build import Build


@pytest.fixture(scope="session")
def hundreds(build_of_hundreds: Build) -> Iterator[Dataset]:
    """The models on some hundred records, as the dashboard reads them."""
    with Dataset(FileSource(build_of_hundreds.database)).opened() as opened:
        yield opened
