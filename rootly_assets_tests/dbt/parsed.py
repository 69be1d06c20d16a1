"""The dbt project, parsed once a run of tests: it takes as long as to build it."""

import os
import shutil
from pathlib import Path

import pytest

from rootly_assets_tests.once import once

# Names the folder that all workers, and the processes that they start, share.
SHARED = "SHARED_BY_TESTS"


def place_of_parsing() -> Path:
    """The folder for whose DuckDB file it is parsed: dbt parses anew for a file elsewhere."""
    return Path(os.environ[SHARED]) / "on_duckdb"


def parsed() -> Path:
    """A dbt folder with a fresh manifest, to be copied; nobody writes into it."""

    def make(folder: Path) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ROOTLY_DUCKDB_PATH", str(place_of_parsing() / "warehouse.duckdb"))
            from rootly_assets.assets.dbt import dbt_project

            dbt_project()
        shutil.copytree(place_of_parsing() / "dbt", folder / "dbt")
        return folder / "dbt"

    return once(Path(os.environ[SHARED]) / "manifest", make)
