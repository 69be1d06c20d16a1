"""Tables in new DuckLakes; they are kept open, since loading the extension takes long."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets_tests.postgres_server import PASSWORD, Database
from rootly_assets_tests.warehouse.conftest import MakeTable
from rootly_assets_tests.warehouse.ducklake.table import LakeTable


@pytest.fixture
def make_table() -> Iterator[MakeTable]:
    with ExitStack() as kept:

        def make(folder: Path, endpoint: Endpoint) -> LakeTable:
            table = LakeTable(folder, endpoint)
            kept.enter_context(table.warehouse.kept_open())
            return table

        yield make


def address(database: Database) -> str:
    """Of a catalog in PostgreSQL."""
    # As libpq reads it: quoted, with its own signs escaped.
    password = PASSWORD.replace("\\", r"\\").replace("'", r"\'")
    return (
        f"postgres:dbname='{database.name}' host=127.0.0.1 port={database.server.port} "
        f"user=tester password='{password}'"
    )


@pytest.fixture(params=["file", "sqlite", "postgres"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a catalog of each kind, which is not there yet."""
    if request.param == "postgres":
        return address(request.getfixturevalue("postgres").database())
    folder = tmp_path / "lake"
    folder.mkdir()
    return f"sqlite:{folder / 'catalog.db'}" if request.param == "sqlite" else str(folder / "c.db")
