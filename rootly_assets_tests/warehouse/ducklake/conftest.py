"""Tables in new DuckLakes; they are kept open, since loading the extension takes long."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.ducklake.table import LakeTable


@pytest.fixture
def things(tmp_path: Path) -> Iterator[LakeTable]:
    table = LakeTable(tmp_path)
    with table.warehouse.kept_open():
        yield table


@pytest.fixture
def new_table(tmp_path: Path) -> Iterator[NewTable]:
    """Makes a table of an endpoint, in a lake of its own."""
    numbers = count(1)
    with ExitStack() as kept:

        def make(endpoint: Endpoint) -> LakeTable:
            folder = tmp_path / str(next(numbers))
            folder.mkdir()
            table = LakeTable(folder, endpoint)
            kept.enter_context(table.warehouse.kept_open())
            return table

        yield make
