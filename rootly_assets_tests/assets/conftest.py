"""The project's definitions, loaded once."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

TOKEN = "rootly_0123456789abcdef"


@pytest.fixture(scope="session")
def definitions(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    folder = tmp_path_factory.mktemp("definitions")
    shutil.copytree(manifest, folder / "dbt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROOTLY_DUCKDB_PATH", str(folder / "warehouse.duckdb"))
        patch.setenv("ROOTLY_API_TOKEN", TOKEN)
        from rootly_assets.definitions import defs

        return defs()


@pytest.fixture(scope="session")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    """Every asset's specification, by key as text."""
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
