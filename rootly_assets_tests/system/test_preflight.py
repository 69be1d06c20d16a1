"""What can't be meant is told in one sentence before anything begins, whichever command it is."""

import os
import re
import runpy
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt.config.renderer import ProfileRenderer
from dbt_common.context import set_invocation_context

from rootly_assets import schedules, settings
from rootly_assets.cli.main import main
from rootly_assets.sandbox.__main__ import main as serve_sandbox
from rootly_assets_tests.system.command_line import Done, environment, run_here

REPOSITORY = Path(__file__).parents[2]
PROFILES = REPOSITORY / "dbt_project" / "profiles.yml"
SOURCES = (*(REPOSITORY / "rootly_assets").rglob("*.py"), PROFILES)

SETTINGS = {
    name
    for source in SOURCES
    for name in re.findall(r"""["'](ROOTLY_[A-Z_]+)["']""", source.read_text())
}

FILES = {"ROOTLY_DESTINATION": "filesystem", "ROOTLY_BUCKET_URL": "files"}

# A wrong value of each, and what it is read with.
WRONG: dict[str, tuple[str, dict[str, str]]] = {
    "ROOTLY_API_TOKEN": ("two words", {}),
    "ROOTLY_API_URL": ("rootly.example", {}),
    "ROOTLY_BUCKET_URL": ("ftp://files", FILES),
    "ROOTLY_CHILD_LOOKBACK_HOURS": ("a day", {}),
    "ROOTLY_COLUMN_LINEAGE": ("0", {}),
    "ROOTLY_CONCURRENCY": ("0", {}),
    "ROOTLY_DBT_MEMORY": ("lots", {}),
    "ROOTLY_DBT_VARS": ("120", {}),
    "ROOTLY_DESTINATION": ("oracle", {}),
    "ROOTLY_DUCKDB_LOCK_WAIT": ("-1", {}),
    "ROOTLY_DUCKDB_MEMORY": ("80%", {}),
    "ROOTLY_DUCKDB_PATH": (str(REPOSITORY), {}),
    "ROOTLY_EXECUTOR": ("threads", {}),
    "ROOTLY_ICEBERG_CATALOG": ("catalog.db", {**FILES, "ROOTLY_TABLE_FORMAT": "iceberg"}),
    "ROOTLY_LANDING_DIR": (__file__, {}),
    "ROOTLY_LINK_LOOKBACK_MINUTES": ("-5", {}),
    "ROOTLY_LOOKBACK_DAYS": ("1000", {}),
    "ROOTLY_MOTHERDUCK_DATABASE": ("md:a b", {"ROOTLY_DESTINATION": "motherduck"}),
    "ROOTLY_OPTIONAL_LISTS": ("foo", {}),
    "ROOTLY_OVERLAP_MINUTES": ("0.5", {}),
    "ROOTLY_OWNERS": ("sre@example.com, reliability", {}),
    "ROOTLY_PARALLEL_STEPS": ("some", {}),
    "ROOTLY_PERSONAL_DATA": ("hide", {}),
    "ROOTLY_POSTGRES_PORT": ("99999", {}),
    "ROOTLY_PULSE_GAP": ("5 minutes", {}),
    "ROOTLY_PULSE_INTERVAL": ("5", {}),
    "ROOTLY_REQUESTS_PER_MINUTE": ("many", {}),
    "ROOTLY_READ_TIMEOUT": ("a minute", {}),
    "ROOTLY_RETRIES": ("1.5", {}),
    "ROOTLY_SECRET_KEYS": ("apiKey, id", {}),
    "ROOTLY_SHIFT_LOOKBACK_DAYS": ("5 weeks", {}),
    "ROOTLY_STEP_RETRY_DELAY": ("abc", {}),
    "ROOTLY_SWEEP_PERCENT": ("500", {}),
    "ROOTLY_TABLE_FORMAT": ("csv", FILES),
    "ROOTLY_TIME_ZONE": ("Berlin", {}),
}
# They may hold a secret.
NEVER_SHOWN = {
    *("ROOTLY_API_TOKEN", "ROOTLY_API_URL", "ROOTLY_ICEBERG_CATALOG"),
    "ROOTLY_MOTHERDUCK_DATABASE",
}
# Names and places: only who is asked for them can say that there is none.
ANY = {
    *("ROOTLY_DUCKLAKE_CATALOG", "ROOTLY_DUCKLAKE_DATA", "ROOTLY_HASH_SALT"),
    *("ROOTLY_OPENAPI_URL", "ROOTLY_POSTGRES_DATABASE"),
    *("ROOTLY_POSTGRES_HOST", "ROOTLY_POSTGRES_PASSWORD", "ROOTLY_POSTGRES_SSLMODE"),
    "ROOTLY_POSTGRES_USER",
}


def assert_said(done: Done, *words: str) -> None:
    assert done.status == 1
    assert len(done.lines) == 1, "one sentence, told once"
    assert "Traceback" not in done.everything
    for word in words:
        assert word in done.last


def test_every_setting_that_is_read_is_tried_here() -> None:
    assert WRONG.keys() | ANY == SETTINGS


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_that_can_t_be_meant(name: str, tmp_path: Path) -> None:
    value, others = WRONG[name]
    changed = environment(tmp_path, **{**others, name: value})
    done = run_here(["metrics"], tmp_path, changed)
    assert_said(done, f"✗ rootly_metrics: {name}", "" if name in NEVER_SHOWN else value)
    if name in NEVER_SHOWN:
        assert value not in done.everything
    assert [each.name for each in tmp_path.iterdir()] == []


@pytest.mark.parametrize("command", ["sync", "dev", "dashboard", "notebook", "docs"])
def test_the_other_commands_say_it_too(command: str, tmp_path: Path) -> None:
    changed = environment(tmp_path, ROOTLY_PULSE_INTERVAL="5", ROOTLY_DESTINATION="duckdb")
    assert_said(
        run_here([command], tmp_path, changed),
        "ROOTLY_PULSE_INTERVAL is '5', but should be a whole number of at least 10.",
    )


@pytest.mark.parametrize(
    ("home", "said"),
    [("dagster", "an absolute path"), ("/no/such/folder", "not a folder: create it")],
)
@pytest.mark.parametrize("command", ["metrics", "dev"])
def test_a_home_of_dagster_s_that_is_none(
    command: str, home: str, said: str, tmp_path: Path
) -> None:
    changed = environment(tmp_path, DAGSTER_HOME=home)
    assert_said(run_here([command], tmp_path, changed), f"DAGSTER_HOME is {home!r}, ", said)


def test_the_demo_says_so_before_it_makes_anything(tmp_path: Path) -> None:
    done = run_here(["demo"], tmp_path, environment(tmp_path, DAGSTER_HOME="/no/such/folder"))
    assert done.status == 1
    assert "not a folder: create it" in done.last
    assert not list(tmp_path.rglob("*.duckdb"))


def test_metrics_before_anything_was_read(tmp_path: Path) -> None:
    done = run_here(["metrics"], tmp_path, environment(tmp_path))
    assert_said(done, "Nothing has been read yet: make sync first")
    assert not list(tmp_path.iterdir()), "the dashboard would take a file for the workspace's"


def test_hashes_without_a_salt(tmp_path: Path) -> None:
    changed = environment(tmp_path, ROOTLY_PERSONAL_DATA="emails=hash")
    assert_said(run_here(["metrics"], tmp_path, changed), "set ROOTLY_HASH_SALT")


def profile(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Any:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    set_invocation_context(os.environ)
    return ProfileRenderer({}).render_data(yaml.safe_load(PROFILES.read_text()))["rootly"]


def test_a_variable_that_is_empty_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    usual = profile(monkeypatch)
    path = settings.database_path()
    empty = profile(monkeypatch, **dict.fromkeys(SETTINGS, ""))
    assert empty == usual
    assert settings.database_path() == path
    settings.check()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("", "../data/warehouse.duckdb"),
        ("data/demo/warehouse.duckdb", "../data/demo/warehouse.duckdb"),
        ("/data/warehouse.duckdb", "/data/warehouse.duckdb"),
    ],
)
def test_dbt_by_hand_finds_the_file_where_make_does(
    monkeypatch: pytest.MonkeyPatch, given: str, found: str
) -> None:
    """It works from inside of its project's folder, wherever it was called."""
    outputs = profile(monkeypatch, ROOTLY_DUCKDB_PATH=given)["outputs"]
    assert outputs["duckdb"]["path"] == found
    assert outputs["filesystem"]["path"] == str(Path(found).with_name("models.duckdb"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--since", "yesterday"],
            "since: 'yesterday' is not a valid time. Write it like 2026-01-31",
        ),
        (["--since", "2026-02-01", "--until", "2026-01-01"], "comes after until: 2026-01-01"),
        (["--full-refresh", "--since", "2026-01-01"], "leave one of them out"),
        (["--sweep", "--until", "2026-01-01"], "leave one of them out"),
    ],
)
def test_times_that_can_t_be_meant(arguments: list[str], said: str, tmp_path: Path) -> None:
    """No step starts, and no metrics are built."""
    changed = environment(tmp_path, ROOTLY_API_TOKEN="any")
    assert_said(run_here(["refresh", *arguments], tmp_path, changed), said)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (
            ["incident"],
            "no table 'incident' that is read. Do you mean incidents or incident_types?",
        ),
        (["causes", "secrets"], "no table 'secrets' that is read"),
        (["custom_fields"], "Its list is optional: add it to ROOTLY_OPTIONAL_LISTS"),
    ],
)
def test_tables_that_there_are_not(tables: list[str], said: str, tmp_path: Path) -> None:
    changed = environment(tmp_path, ROOTLY_API_TOKEN="any")
    assert_said(run_here(["sync", *tables], tmp_path, changed), said)


@pytest.mark.parametrize(
    "arguments",
    [
        ["dashboard", "--port", "99999"],
        ["notebook", "--port", "0"],
        ["dev", "--port", "http"],
        ["demo", "--incidents", "-5"],
    ],
)
def test_numbers_that_are_none(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert f"argument {arguments[1]}: '{arguments[2]}' should be" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    [
        ["--port", "80000"],
        ["--incidents", "-5"],
        ["--latency", "0.2"],
        ["--deep-page-limit", "0"],
    ],
)
def test_the_sandbox_refuses_them_too(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        serve_sandbox(option)
    assert f"argument {option[0]}: '{option[1]}' should be" in capsys.readouterr().err


@pytest.fixture
def port() -> Iterator[int]:
    """A port that somebody else has."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A DuckDB file with a table."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("CREATE TABLE things (id VARCHAR)")
    return tmp_path


@pytest.mark.parametrize("command", [["dev"], ["dashboard"], ["notebook"], ["demo", "--ui"]])
def test_a_port_that_somebody_else_has(command: list[str], warehouse: Path, port: int) -> None:
    """Before the demo has been built, or code was loaded."""
    done = run_here([*command, "--port", str(port)], warehouse, environment(warehouse))
    assert_said(done, f"port {port}", "--port")


def test_documentation_that_can_t_be_written(warehouse: Path) -> None:
    done = run_here(["docs", str(warehouse)], warehouse, environment(warehouse))
    assert_said(done, f"{warehouse} is a folder: name the page in it")
    below_a_file = warehouse / "warehouse.duckdb" / "models.html"
    done = run_here(["docs", str(below_a_file)], warehouse, environment(warehouse))
    assert_said(done, f"{below_a_file} can't be written: ")


def test_documentation_of_a_file_that_another_process_has_open(warehouse: Path) -> None:
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    file = str(warehouse / "warehouse.duckdb")
    with subprocess.Popen(
        [sys.executable, "-c", holding, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        done = run_here(["docs"], warehouse, environment(warehouse))
        holder.stdin.close()
    assert_said(done, file, f"is locked by process {holder.pid}", "close that one")


def test_an_empty_file_does_not_hide_the_sample(
    tmp_path: Path,
    warehouse: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rich.console import Console

    from rootly_assets.cli.pages import has_warehouse

    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "demo").mkdir(parents=True)
    sample = (warehouse / "warehouse.duckdb").rename(
        tmp_path / "data" / "demo" / "warehouse.duckdb"
    )
    duckdb.connect(str(tmp_path / "mine.duckdb")).close()
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", "mine.duckdb")
    monkeypatch.setenv("ROOTLY_TIME_ZONE", "")
    assert has_warehouse(Console(), "dashboard")
    assert "There is nothing in mine.duckdb yet: this is the sample" in capsys.readouterr().out
    assert os.environ["ROOTLY_DUCKDB_PATH"] == str(sample)
    assert os.environ["ROOTLY_TIME_ZONE"]


def test_at_night_means_at_night_in_the_workspace_s_time_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROOTLY_TIME_ZONE", "Australia/Sydney")
    made = runpy.run_path(schedules.__file__)
    zones = {each.execution_timezone for each in [*made["READING"], *made["BUILDING"]]}
    assert zones == {"Australia/Sydney"}
