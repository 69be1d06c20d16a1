"""What all tests share: an environment without anybody's settings, and a dbt manifest that is made once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rootly_assets_tests.dbt import builds
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dbt.parsed import SHARED, parsed, place_of_parsing
from rootly_assets_tests.once import once
from rootly_assets_tests.postgres_server import PostgresServer, postgres_server
from rootly_assets_tests.system.refreshed import Once, refreshed_duckdb

# The same examples every time, so that a run says something about the change and not about chance; others are
# looked for with HYPOTHESIS_PROFILE=by_chance. What runs in minutes is content with a quarter of them.
settings.register_profile("same_each_time", derandomize=True, deadline=None)
settings.register_profile("a_quarter", derandomize=True, deadline=None, max_examples=25)
settings.register_profile("by_chance", deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples there are, before tests are imported, which say it of some."""
    usual = "a_quarter" if "not slow" in config.option.markexpr else "same_each_time"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", usual))


# What is made once, what takes longest first, and who makes it, having most to do with it: see below.
WHOLE = {
    "on_duckdb": "test_refresh.py",
    "build_of_nothing": "test_empty_workspace.py",
    "build_of_hundreds": "test_learning.py",
    "build_of_odd_incidents": "test_metrics_match_pandas.py",
}

HERE = Path(__file__).parent
# Folders of other destinations than the DuckDB file.
POSTGRES = HERE / "warehouse" / "postgres"
ELSEWHERE = {
    HERE / "panels" / "postgres",
    *(each for each in (HERE / "warehouse").iterdir() if (each / "__init__.py").exists()),
}


@pytest.hookimpl(tryfirst=True)  # before others look at markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first, the slowest before all: begun last, one of them would keep one worker waiting.

    Of modules that look at the same build, its maker comes first, and quick ones come last of all, so that
    workers do not wait for each other.
    """
    lookers: dict[str, list[Path]] = {build: [] for build in WHOLE}
    for item in items:
        if POSTGRES in item.path.parents:
            item.add_marker(pytest.mark.slow)
        elif not ELSEWHERE.isdisjoint(item.path.parents):
            item.add_marker(pytest.mark.exhaustive)
        for build in WHOLE:
            if build in getattr(item, "fixturenames", ()) and item.path not in lookers[build]:
                lookers[build].append(item.path)

    for build, paths in lookers.items():
        paths.sort(key=lambda path: path.name != WHOLE[build])

    def place(item: pytest.Item) -> tuple[float, bool, int]:
        patience = item.get_closest_marker("timeout")
        turns = [paths.index(item.path) for paths in lookers.values() if item.path in paths]
        turn = max(turns, default=0)
        is_slow = any(item.get_closest_marker(name) for name in ("slow", "exhaustive"))
        is_early = is_slow or (turn == 0 and (turns or item.get_closest_marker("ui")))
        return -float(patience.args[0]) if patience else 0, not is_early, turn

    order = {path: number for number, paths in enumerate(lookers.values()) for path in paths}
    items.sort(key=lambda item: (place(item), order.get(item.path, len(WHOLE))))


@pytest.fixture(scope="session", autouse=True)
def nobodys_environment(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads a developer's workspace, or writes into their DuckDB file."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("ROOTLY_", "CELERY_")) or name == "DAGSTER_HOME":
                patch.delenv(name)
        patch.setenv(SHARED, str(shared))
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
def manifest() -> Path:
    """A dbt folder with a fresh manifest."""
    return parsed()


@pytest.fixture(scope="session")
def on_duckdb(manifest: Path) -> Once:
    """A workspace that was refreshed into a DuckDB file. Nobody writes into its folder."""
    assert manifest.exists(), "dbt has parsed the project for this very folder"
    folder = place_of_parsing()
    return Once(folder, once(folder, refreshed_duckdb))


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
