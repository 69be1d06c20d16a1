"""Runs of the command line are found by the next one, and by the UI, though nobody named a folder for it."""

from pathlib import Path

import dagster as dg
import pytest

from rootly_assets.cli import dagster_home
from rootly_assets_tests.system.command_line import REPOSITORY, environment, run_here


def without_home(folder: Path) -> dict[str, str]:
    return environment(folder, DAGSTER_HOME="")


def installed(monkeypatch: pytest.MonkeyPatch, folder: Path, *, as_checkout: bool) -> None:
    """Let the package lie in a folder: with what a checkout has beside it, or what a wheel brings along."""
    folder.mkdir()
    (folder / "dagster.yaml").write_bytes((REPOSITORY / "dagster.yaml").read_bytes())
    monkeypatch.setattr(dagster_home, "in_checkout", lambda: as_checkout)
    monkeypatch.setattr(dagster_home, "project_folder", lambda: folder / "dbt_project")


@pytest.mark.parametrize(
    ("as_checkout", "home"), [(True, "package/.dagster"), (False, "data/dagster")]
)
def test_a_command_has_one_that_lasts(
    as_checkout: bool, home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, tmp_path / "package", as_checkout=as_checkout)
    done = run_here(["metrics"], tmp_path, without_home(tmp_path / "data"))
    assert "Nothing has been read yet" in done.last
    assert (tmp_path / home / "history" / "runs.db").exists()
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / home))
    with dg.DagsterInstance.get() as instance:
        assert instance.event_log_storage.get_concurrency_info("duckdb").limit == 1
        assert not instance.is_ephemeral


def test_its_settings_are_those_of_the_version_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, tmp_path / "package", as_checkout=True)
    monkeypatch.setenv("DAGSTER_HOME", "")
    (tmp_path / "package" / ".dagster").mkdir()
    (tmp_path / "package" / ".dagster" / "dagster.yaml").write_text("telemetry: {enabled: true}")
    dagster_home.have_home()
    settings = tmp_path / "package" / ".dagster" / "dagster.yaml"
    assert settings.read_bytes() == (REPOSITORY / "dagster.yaml").read_bytes()
    assert [each.name for each in settings.parent.iterdir()] == ["dagster.yaml"]
    written = settings.stat().st_ino
    monkeypatch.setenv("DAGSTER_HOME", "")
    dagster_home.have_home()
    assert settings.stat().st_ino == written, "nobody reads a file that is just being written"


def test_one_that_can_t_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, tmp_path / "package", as_checkout=True)
    (tmp_path / "package" / ".dagster").write_text("a file")
    done = run_here(["metrics"], tmp_path, without_home(tmp_path / "data"))
    assert done.status == 1
    assert "can't be written" in done.last
    assert "name another one by DAGSTER_HOME" in done.last
