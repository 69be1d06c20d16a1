"""What tests of the report look at."""

import pytest

from rootly_assets.report.figures import Figures
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.report.workspaces import drawn_from
from rootly_assets_tests.system.refreshed import Once


@pytest.fixture(scope="session")
def found(build_of_hundreds: Build) -> Figures:
    """What the report shows of some hundred records."""
    return drawn_from(build_of_hundreds.database)


@pytest.fixture(scope="session")
def refreshed(on_duckdb: Once) -> Figures:
    """What the report shows of a refreshed workspace."""
    return drawn_from(on_duckdb.folder / "warehouse.duckdb")
