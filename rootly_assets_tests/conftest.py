"""What all tests share: an environment without anybody's settings, and a dbt manifest that is made once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rootly_assets_tests.dbt import builds
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.once import once
from rootly_assets_tests.postgres_server import PostgresServer, postgres_server
from rootly_assets_tests.system.refreshed import Once, refreshed_duckdb

# The same examples every time, so that a run says something about the change and not about chance; others are
# looked for with HYPOTHESIS_PROFILE=by_chance.
settings.register_profile("same_each_time", derandomize=True, deadline=None)
settings.register_profile("by_chance", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same_each_time"))


# What is made once and takes longest: see below.
WHOLE = {"on_duckdb", "build_of_nothing", "build_of_hundreds", "build_of_odd_incidents"}


HERE = Path(__file__).parent
# Folders of other destinations than the DuckDB file: slow as a whole.
ELSEWHERE = {
    HERE / "panels" / "postgres",
    *(each for each in (HERE / "warehouse").iterdir() if (each / "__init__.py").exists()),
}


@pytest.hookimpl(tryfirst=True)  # before others look at markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first, the slowest before all: begun last, one of them would keep one worker waiting."""
    for item in items:
        if not ELSEWHERE.isdisjoint(item.path.parents):
            item.add_marker(pytest.mark.slow)

    def place(item: pytest.Item) -> tuple[float, bool]:
        patience = item.get_closest_marker("timeout")
        waits_for_a_run = not WHOLE.isdisjoint(getattr(item, "fixturenames", ()))
        is_slow = any(item.get_closest_marker(name) for name in ("slow", "ui"))
        return -float(patience.args[0]) if patience else 0, not (is_slow or waits_for_a_run)

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def nobodys_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads a developer's workspace, or writes into their DuckDB file."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("ROOTLY_", "CELERY_")) or name == "DAGSTER_HOME":
                patch.delenv(name)
        folder = tmp_path_factory.mktemp("nobodys")
        patch.setenv("ROOTLY_DUCKDB_PATH", str(folder / "warehouse.duckdb"))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server; each test makes databases of its own on it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder of this run of tests, which all workers share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def manifest(shared: Path) -> Path:
    """A dbt folder with a fresh manifest."""

    def make(folder: Path) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ROOTLY_DUCKDB_PATH", str(folder / "warehouse.duckdb"))
            from rootly_assets.assets.dbt import dbt_project

            dbt_project()
        return folder / "dbt"

    return once(shared / "manifest", make)


@pytest.fixture(scope="session")
def on_duckdb(shared: Path, manifest: Path) -> Once:
    """A workspace that was refreshed into a DuckDB file. Nobody writes into its folder."""
    folder = shared / "on_duckdb"
    return Once(folder, once(folder, lambda folder: refreshed_duckdb(folder, manifest)))


@pytest.fixture(scope="session")
def build_of_nothing(shared: Path) -> Build:
    """The models where nothing was ever synced. Nobody writes into it."""
    return once(shared / "build_of_nothing", builds.build_of_nothing)


@pytest.fixture(scope="session")
def build_of_hundreds(shared: Path) -> Build:
    """The models on some hundred records. Nobody writes into it."""
    return once(shared / "build_of_hundreds", builds.build_of_hundreds)


@pytest.fixture(scope="session")
def build_of_odd_incidents(shared: Path) -> Build:
    """The models on incidents with odd values. Nobody writes into it."""
    return once(shared / "build_of_odd_incidents", builds.build_of_odd_incidents)
