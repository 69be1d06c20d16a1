"""A metric of your own, as the page about operations shows it: in a checkout, and beside a wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from rootly_assets_tests.system.refreshed import Once
from rootly_assets_tests.warehouse.guide import blocks

pytestmark = pytest.mark.exhaustive

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "operations.md"
COUNTED = """
    SELECT count(*) FROM marts.fct_incidents
    WHERE is_response_incident AND extract(isodow FROM started_at) > 5
"""


@pytest.fixture
def database(on_duckdb: Once, tmp_path: Path) -> Path:
    """A refreshed warehouse, to write into."""
    return Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))


def shown() -> str:
    """The model."""
    (model,) = (block for block in blocks(PAGE, "sql") if "ref('fct_incidents')" in block)
    return model


def built(folder: Path, database: Path, *arguments: str) -> None:
    """`dbt build`, as the page has it."""
    command = [str(Path(sys.executable).with_name("dbt")), "build", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "ROOTLY_DUCKDB_PATH": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def assert_counts(database: Path, table: str) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        counted = connection.execute(COUNTED).fetchone()
        assert connection.execute(f"SELECT sum(incidents) FROM {table}").fetchone() == counted
    assert counted
    assert counted[0] > 0


def test_in_a_checkout_it_is_a_mart_beside_ours(database: Path, tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    kept = shutil.ignore_patterns("target", "logs")
    shutil.copytree(REPOSITORY / "dbt_project", project, ignore=kept)
    own = project / "models" / "marts" / "own"
    own.mkdir()
    (own / "weekend_incidents.sql").write_text(shown())
    built(project, database, "--profiles-dir", ".", "--select", "weekend_incidents")
    assert_counts(database, "marts.weekend_incidents")


def test_beside_a_wheel_it_is_a_project_that_reads_our_marts(
    database: Path, tmp_path: Path
) -> None:
    (files,) = (block for block in blocks(PAGE, "yaml") if "# dbt_project.yml" in block)
    project = tmp_path / "own"
    for text in files.split("---\n"):
        file = project / text.splitlines()[0].removeprefix("# ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    config, model = shown().split("\n", 1)
    assert config.startswith("{{ config(")
    model = model.replace("ref('fct_incidents')", "source('marts', 'fct_incidents')")
    (project / "models" / "weekend_incidents.sql").write_text(model)
    built(project, database, "--profiles-dir", ".")
    assert_counts(database, "own.weekend_incidents")
