"""The whole project in Iceberg tables of a REST catalog gives what it gives in a DuckDB file."""

from collections.abc import Iterator, Mapping

import pytest

from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.filesystem.conftest import read_catalog_settings
from rootly_assets_tests.warehouse.same_refresh import *

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def elsewhere(catalog: Mapping[str, str]) -> Iterator[Settings]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in catalog.items():
            if name != "ROOTLY_DESTINATION":  # whoever reads there later has these set too
                patch.setenv(name, value)
        read_catalog_settings(patch)
        yield lambda _: catalog


def test_what_changes_then_changes_in_both(both: Both) -> None:
    both.change()
    both.refresh()
    assert both.differences() == {}
