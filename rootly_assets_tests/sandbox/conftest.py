"""A served workspace that tests only read, and a fresh one for those that change it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets_tests.sandbox.client import Client

NOW = datetime(2026, 3, 11, 17, 30, tzinfo=UTC)
UNLIMITED = 10**9


@pytest.fixture(scope="session")
def read_only_server() -> Iterator[Server]:
    workspace = Workspace.build(incidents=160, now=NOW)
    with serve(workspace, requests_per_minute=UNLIMITED) as server:
        yield server


@pytest.fixture(scope="session")
def workspace(read_only_server: Server) -> Workspace:
    return read_only_server.workspace


@pytest.fixture(scope="session")
def client(read_only_server: Server) -> Client:
    return Client(read_only_server)


@pytest.fixture
def fresh() -> Workspace:
    return Workspace.build(incidents=60, now=NOW, history=timedelta(days=60))


@pytest.fixture
def fresh_client(fresh: Workspace) -> Iterator[Client]:
    with serve(fresh, requests_per_minute=UNLIMITED) as server:
        yield Client(server)
