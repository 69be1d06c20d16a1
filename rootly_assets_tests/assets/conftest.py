"""The project's definitions, loaded once."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

TOKEN = "rootly_0123456789abcdef"


@contextmanager
def configured(folder: Path, manifest: Path) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a project that writes into a folder, and has a prepared manifest there."""
    shutil.copytree(manifest, folder / "dbt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROOTLY_DUCKDB_PATH", str(folder / "warehouse.duckdb"))
        patch.setenv("ROOTLY_API_TOKEN", TOKEN)
        yield patch


@pytest.fixture(scope="session")
def definitions(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    with configured(tmp_path_factory.mktemp("definitions"), manifest):
        from rootly_assets.definitions import defs

        return defs()


@pytest.fixture(scope="session")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    """Every asset's specification, by key as text."""
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


@pytest.fixture(scope="session")
def one_instance() -> Iterator[dg.DagsterInstance]:
    """It takes longer to make than a test does."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def instance(one_instance: dg.DagsterInstance) -> dg.DagsterInstance:
    """An instance that knows of no run."""
    one_instance.wipe()
    return one_instance
