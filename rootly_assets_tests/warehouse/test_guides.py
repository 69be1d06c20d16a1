"""What the guides of the destinations name is there, and their settings are taken.

What they show of a refreshed warehouse is carried out by the tests of each destination.
"""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from rootly_assets.warehouse.destination import warehouse_resource
from rootly_assets_tests.warehouse.guide import GUIDES, blocks

REPOSITORY = GUIDES.parents[1]
EACH = sorted(each.name for each in GUIDES.glob("*.md"))

VARIABLE = re.compile(
    r"\b(?:ROOTLY|AWS|AZURE|BIGQUERY|DATABRICKS|GCS|GOOGLE|MOTHERDUCK|REDSHIFT|SNOWFLAKE)_[A-Z_]*[A-Z]\b"
)
# Read by a vendor's own client, and not by us.
THEIR_OWN = {"GOOGLE_APPLICATION_CREDENTIALS"}

MOTHERDUCK = ("ROOTLY_MOTHERDUCK_DATABASE", "motherduck_token")


@pytest.mark.parametrize("guide", EACH)
def test_every_variable_that_a_guide_names_is_read(guide: str) -> None:
    sources = [
        *(REPOSITORY / "rootly_assets").rglob("*.py"),
        REPOSITORY / "dbt_project" / "profiles.yml",
    ]
    code = "\n".join(each.read_text() for each in sources)
    named = set(VARIABLE.findall((GUIDES / guide).read_text()))
    assert named
    assert named - set(re.findall(r"""["']([A-Z_]+)["']""", code)) - THEIR_OWN == set()


def test_every_variable_of_a_cloud_is_in_its_guide() -> None:
    profiles = (REPOSITORY / "dbt_project" / "profiles.yml").read_text()
    code = (REPOSITORY / "rootly_assets" / "warehouse" / "destination.py").read_text()
    clouds = re.compile(
        r"""["']((?:SNOWFLAKE|BIGQUERY|GOOGLE|REDSHIFT|DATABRICKS)_[A-Z_]*[A-Z])["']"""
    )
    guide = (GUIDES / "clouds.md").read_text()
    assert [each for each in clouds.findall(profiles + code) if f"`{each}`" not in guide] == []


@pytest.mark.parametrize("guide", EACH)
def test_every_extra_that_a_guide_installs_is_one(guide: str) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    text = (GUIDES / guide).read_text()
    named = {
        each
        for found in re.findall(r"(?:'\.\[|EXTRAS=)([\w,-]+)", text)
        for each in found.split(",")
    }
    assert named
    assert named <= project["project"]["optional-dependencies"].keys()


@pytest.mark.parametrize("guide", EACH)
def test_its_settings_choose_its_destination(
    guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (setup,) = (block for block in blocks(guide, "sh") if "export ROOTLY_DESTINATION" in block)
    exports = re.sub(r"^(pip|make) .*$", "", setup, flags=re.MULTILINE)
    said = subprocess.run(
        ["sh", "-ec", f"{exports}\nenv -0"], capture_output=True, text=True, check=True
    ).stdout
    given = dict(each.split("=", 1) for each in said.split("\0") if each)
    chosen = given["ROOTLY_DESTINATION"]
    if chosen == "snowflake":
        pytest.importorskip("dbt.adapters.snowflake", reason="uv sync --group dialects")
    monkeypatch.chdir(tmp_path)
    # Those that the warehouse itself sets are taken away again.
    for name in ("ROOTLY_DUCKLAKE_CATALOG", "ROOTLY_DUCKLAKE_DATA", *MOTHERDUCK):
        monkeypatch.setenv(name, "")
    for name in given.keys() - os.environ.keys():
        monkeypatch.setenv(name, given[name])
    assert chosen in str(warehouse_resource().__class__.__module__)


@pytest.mark.parametrize("guide", EACH)
def test_its_sql_is_sql(guide: str) -> None:
    sqlglot = pytest.importorskip("sqlglot", reason="uv sync --group dialects")
    for block in blocks(guide, "sql"):
        assert all(sqlglot.parse(block, dialect="duckdb"))
    shown = re.findall(r"`(select [^`]+)`", (GUIDES / guide).read_text())
    dialects = ("snowflake", "bigquery", "redshift", "databricks")
    if guide == "clouds.md":
        assert shown
        assert all(sqlglot.parse_one(each, dialect=name) for each in shown for name in dialects)


@pytest.mark.exhaustive
def test_models_compile_for_a_cloud_as_its_guide_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("dbt.adapters.snowflake", reason="uv sync --group dialects")
    setup, *_, compiling = blocks("clouds.md", "sh")
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path))
    exports = re.sub(r"^(pip|make) .*$", "", setup, flags=re.MULTILINE)
    compiling = re.sub(r"^uv sync .*$", "", compiling, flags=re.MULTILINE)
    ended = subprocess.run(
        ["sh", "-ec", f"{exports}\n{compiling}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert list(tmp_path.rglob("compiled/**/fct_incidents.sql"))
