"""What the tests of the whole share: a dbt manifest, made once."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt folder with a fresh manifest."""
    folder = tmp_path_factory.mktemp("manifest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROOTLY_DUCKDB_PATH", str(folder / "warehouse.duckdb"))
        from rootly_assets.assets.dbt import dbt_project

        dbt_project()
    return folder / "dbt"
