"""Models, app, report and parity cut days in one zone, wherever it is set."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rootly_assets import settings
from rootly_assets.errors import NotConfigured
from rootly_assets_tests.dbt.commands import PROJECT

SHIPPED = "\n  rootly_time_zone: UTC\n"


def project(folder: Path, said: str) -> Path:
    """The dbt project with its macros and no models, its zone said otherwise."""
    text = (PROJECT / "dbt_project.yml").read_text()
    assert SHIPPED in text
    (folder / "dbt_project.yml").write_text(text.replace(SHIPPED, f"\n  {said}\n"))
    shutil.copytree(PROJECT / "macros", folder / "macros")
    shutil.copy(PROJECT / "profiles.yml", folder)
    return folder


def zone_of_the_models(folder: Path) -> str:
    """What dbt compiles the macro to."""
    command = ["compile", "--quiet", "--inline", "{{ time_zone() }}", "--no-introspect"]
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *command, "--no-populate-cache"],
        cwd=folder,
        env={**os.environ, "ROOTLY_DUCKDB_PATH": str(folder / "warehouse.duckdb")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("said", "environment", "zone"),
    [
        ("rootly_time_zone: Asia/Tokyo", None, "Asia/Tokyo"),
        ("rootly: {rootly_time_zone: Asia/Tokyo}\n  rootly_time_zone: UTC", "", "Asia/Tokyo"),
        ("rootly_time_zone: Asia/Tokyo", "America/New_York", "America/New_York"),
    ],
)
def test_readers_know_the_zone_of_the_models(
    said: str,
    environment: str | None,
    zone: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = project(tmp_path, said)
    monkeypatch.setattr(settings, "project_folder", lambda: folder)
    if environment is not None:
        monkeypatch.setenv("ROOTLY_TIME_ZONE", environment)
    assert settings.time_zone() == zone
    assert zone_of_the_models(folder) == zone


def test_a_zone_that_there_is_not_is_named_with_the_place_that_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, "rootly_time_zone: Moon")
    monkeypatch.setattr(settings, "project_folder", lambda: folder)
    with pytest.raises(NotConfigured, match=r"dbt_project.yml is 'Moon'"):
        settings.time_zone()
