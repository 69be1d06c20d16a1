"""One variable chooses the warehouse; what is missing is one sentence with its names."""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from rootly_assets.errors import NotConfigured
from rootly_assets.warehouse.destination import warehouse, warehouse_resource
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets.warehouse.errors import WarehouseError

ROOT = Path(__file__).parents[2]

COMPLETE = {
    "ROOTLY_DESTINATION": "postgres",
    "ROOTLY_POSTGRES_HOST": "db.example",
    "ROOTLY_POSTGRES_DATABASE": "analytics",
    "ROOTLY_POSTGRES_USER": "rootly",
    "ROOTLY_POSTGRES_PASSWORD": "hunter2",
}

SetAll = Callable[..., None]


@pytest.fixture
def set_all(monkeypatch: pytest.MonkeyPatch) -> SetAll:
    """Sets the variables of a complete environment, but for some."""

    def set_but(*missing: str) -> None:
        for name, value in COMPLETE.items():
            if name not in missing:
                monkeypatch.setenv(name, value)

    return set_but


def test_it_is_a_duckdb_file_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(warehouse(), DuckDBWarehouse)
    monkeypatch.setenv("ROOTLY_DESTINATION", "")
    assert isinstance(warehouse(), DuckDBWarehouse)


def test_dbt_hears_of_every_variable_of_a_server_that_the_loader_hears_of() -> None:
    named = re.compile(
        "(?:ROOTLY_POSTGRES|SNOWFLAKE|GOOGLE_CLOUD|BIGQUERY|REDSHIFT|DATABRICKS)_[A-Z_]+"
    )
    readers = ("rootly_assets/settings.py", "rootly_assets/warehouse/destination.py")
    loader = set(named.findall("".join((ROOT / each).read_text() for each in readers)))
    assert {"ROOTLY_POSTGRES_HOST", "SNOWFLAKE_ACCOUNT", "REDSHIFT_SSLMODE"} <= loader
    assert loader == set(named.findall((ROOT / "dbt_project/profiles.yml").read_text()))


def test_an_unknown_destination_is_said_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROOTLY_DESTINATION", "postgresql")
    with pytest.raises(NotConfigured, match=r"'postgresql'.*one of duckdb, postgres"):
        warehouse()


def test_missing_variables_are_named_together(set_all: SetAll) -> None:
    set_all("ROOTLY_POSTGRES_HOST", "ROOTLY_POSTGRES_USER")
    with pytest.raises(NotConfigured, match=r"set ROOTLY_POSTGRES_HOST, ROOTLY_POSTGRES_USER\."):
        warehouse()


def test_a_port_that_is_no_number_is_said(set_all: SetAll, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all()
    monkeypatch.setenv("ROOTLY_POSTGRES_PORT", "five")
    with pytest.raises(NotConfigured, match="ROOTLY_POSTGRES_PORT is 'five'"):
        warehouse()


FILES = {"ROOTLY_DESTINATION": "filesystem", "ROOTLY_BUCKET_URL": "files"}


@pytest.mark.parametrize(
    ("environment", "package", "extra"),
    [
        (COMPLETE, "psycopg2", "postgres"),
        ({"ROOTLY_DESTINATION": "ducklake"}, "duckdb_extension_ducklake", "ducklake"),
        ({**FILES, "ROOTLY_TABLE_FORMAT": "delta"}, "deltalake", "delta"),
        ({**FILES, "ROOTLY_TABLE_FORMAT": "iceberg"}, "pyiceberg", "iceberg"),
        ({**FILES, "ROOTLY_BUCKET_URL": "az://container"}, "azure.storage.blob", "azure"),
    ],
)
def test_a_missing_package_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], package: str, extra: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    find = importlib.util.find_spec

    def without(name: str, *arguments: Any) -> Any:
        return None if name == package else find(name, *arguments)

    monkeypatch.setattr("rootly_assets.warehouse.destination.find_spec", without)
    with pytest.raises(NotConfigured, match=rf"{re.escape(package)}.*make install EXTRAS={extra}"):
        warehouse()


def test_a_format_that_a_bucket_can_not_hold_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**FILES, "ROOTLY_BUCKET_URL": "gs://bucket"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ROOTLY_TABLE_FORMAT", "delta")
    with pytest.raises(NotConfigured, match="delta, which is not served on gs://"):
        warehouse()


@pytest.mark.parametrize(
    ("catalog", "reason"),
    [
        ("sqlite:////no/such/folder/iceberg.db", "unable to open database file"),
        ("postgresql://u:hunter2@127.0.0.1:9/d", "Connection refused"),
        ("postgresql:u:hunter2@127.0.0.1:9/d", "ArgumentError"),
        ("postgresql+nosuch://u:hunter2@host/d", "NoSuchModuleError"),
    ],
)
def test_a_catalog_of_iceberg_s_that_is_not_there_is_said(
    catalog: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**FILES, "ROOTLY_TABLE_FORMAT": "iceberg"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("ROOTLY_ICEBERG_CATALOG", catalog)
    with pytest.raises(WarehouseError, match=rf"{reason}.*ROOTLY_ICEBERG_CATALOG") as caught:
        warehouse().states_at_once()
    assert "hunter2" not in str(caught.value)


def test_a_bucket_of_an_unknown_kind_is_said_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {**FILES, "ROOTLY_BUCKET_URL": "hdfs://somewhere"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NotConfigured, match=r"'hdfs://somewhere'.*s3://, gs://, az://"):
        warehouse()


def test_dagster_is_given_names_of_variables_and_no_values(set_all: SetAll) -> None:
    set_all()
    resource = warehouse_resource()
    assert resource.password == dg.EnvVar("ROOTLY_POSTGRES_PASSWORD")
    assert "hunter2" not in str(resource)
    assert warehouse().place == "db.example:5432/analytics"


CLOUDS = {
    "snowflake": (
        {
            "SNOWFLAKE_ACCOUNT": "org-account",
            "SNOWFLAKE_USER": "rootly",
            "SNOWFLAKE_PASSWORD": "hunter2",
            "SNOWFLAKE_WAREHOUSE": "small",
            "SNOWFLAKE_DATABASE": "analytics",
        },
        "org-account/analytics",
    ),
    "bigquery": ({"GOOGLE_CLOUD_PROJECT": "analytics"}, "analytics"),
    "redshift": (
        {
            "REDSHIFT_HOST": "cluster.example",
            "REDSHIFT_DATABASE": "analytics",
            "REDSHIFT_USER": "rootly",
            "REDSHIFT_PASSWORD": "hunter2",
        },
        "cluster.example:5439/analytics",
    ),
    "databricks": (
        {
            "DATABRICKS_HOST": "workspace.example",
            "DATABRICKS_HTTP_PATH": "/sql/1.0/warehouses/1",
            "DATABRICKS_TOKEN": "hunter2",
        },
        "workspace.example/main",
    ),
}


@pytest.mark.parametrize(
    ("cloud", "variable"), [("redshift", "REDSHIFT_PORT"), ("snowflake", "SNOWFLAKE_PORT")]
)
def test_a_cloud_s_port_that_is_no_number_is_said(
    cloud: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rootly_assets.warehouse.destination.find_spec", lambda _: True)
    variables, _ = CLOUDS[cloud]
    for name, value in {**variables, "ROOTLY_DESTINATION": cloud, variable: "five"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NotConfigured, match=f"{variable} is 'five', but should be"):
        warehouse()


# What each of them imports takes many seconds.
@pytest.mark.exhaustive
@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_a_cloud_is_named_by_its_own_variables(cloud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(f"dbt.adapters.{cloud}", reason="uv sync --group dialects")
    variables, place = CLOUDS[cloud]
    monkeypatch.setenv("ROOTLY_DESTINATION", cloud)
    for name in variables:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NotConfigured, match=f"{cloud}: set {', '.join(variables)}"):
        warehouse()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert warehouse().place == place
    assert "hunter2" not in str(warehouse_resource())


@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_a_cloud_without_its_packages_is_said_with_the_command(
    cloud: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "rootly_assets.warehouse.destination.find_spec",
        lambda name: None if name.startswith("dbt.adapters.") else find(name),
    )
    monkeypatch.setenv("ROOTLY_DESTINATION", cloud)
    with pytest.raises(NotConfigured, match=rf"make install EXTRAS={cloud}"):
        warehouse()
