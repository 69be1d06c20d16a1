"""Which warehouse it is: the one place that knows all of them."""

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from rootly_assets.errors import NotConfigured
from rootly_assets.installation import adding
from rootly_assets.settings import (
    database_memory,
    database_path,
    destination,
    lock_wait,
    outside_of_runs,
    port,
    postgres_port,
)
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets.warehouse.interface import Warehouse
from rootly_assets.warehouse.object_store import AZURE, kind_of
from rootly_assets.warehouse.reading import Source

# Packages that come with the extra of the same name: as the destination, the format or the kind of bucket.
_NEEDS = {
    "azure": ("azure.storage.blob",),
    "delta": ("deltalake", "pyarrow"),
    "ducklake": ("duckdb_extension_ducklake",),
    "iceberg": ("pyiceberg", "pyarrow", "sqlalchemy"),
    "motherduck": ("duckdb_extension_motherduck",),
    "postgres": ("psycopg2", "dbt.adapters.postgres"),
    "snowflake": ("dlt", "pyarrow", "sqlglot", "snowflake.connector", "dbt.adapters.snowflake"),
    "bigquery": ("dlt", "pyarrow", "sqlglot", "google.cloud.bigquery", "dbt.adapters.bigquery"),
    "redshift": ("dlt", "pyarrow", "sqlglot", "psycopg2", "dbt.adapters.redshift"),
    "databricks": ("dlt", "pyarrow", "sqlglot", "databricks.sql", "dbt.adapters.databricks"),
}

_REQUIRED: dict[str, tuple[str, ...]] = {
    "filesystem": ("ROOTLY_BUCKET_URL",),
    "postgres": ("ROOTLY_POSTGRES_HOST", "ROOTLY_POSTGRES_DATABASE", "ROOTLY_POSTGRES_USER"),
    "snowflake": (
        *("SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PASSWORD"),
        *("SNOWFLAKE_WAREHOUSE", "SNOWFLAKE_DATABASE"),
    ),
    "bigquery": ("GOOGLE_CLOUD_PROJECT",),
    "redshift": ("REDSHIFT_HOST", "REDSHIFT_DATABASE", "REDSHIFT_USER", "REDSHIFT_PASSWORD"),
    "databricks": ("DATABRICKS_HOST", "DATABRICKS_HTTP_PATH", "DATABRICKS_TOKEN"),
}

# Variables, and the fields of `PostgresWarehouse` that they set.
_POSTGRES = {
    "ROOTLY_POSTGRES_HOST": "host",
    "ROOTLY_POSTGRES_DATABASE": "database",
    "ROOTLY_POSTGRES_USER": "user",
    "ROOTLY_POSTGRES_PASSWORD": "password",
    "ROOTLY_POSTGRES_SSLMODE": "sslmode",
}

# The same of the clouds: what is required, and what may be set besides.
_CLOUD_OPTIONS: dict[str, tuple[str, ...]] = {
    "snowflake": ("SNOWFLAKE_ROLE", "SNOWFLAKE_HOST", "SNOWFLAKE_PORT", "SNOWFLAKE_PROTOCOL"),
    "bigquery": ("BIGQUERY_LOCATION",),
    "redshift": ("REDSHIFT_PORT", "REDSHIFT_SSLMODE"),
    "databricks": ("DATABRICKS_CATALOG",),
}

# Those of them that are ports, with the usual one.
_PORTS = {"snowflake": {"SNOWFLAKE_PORT": 443}, "redshift": {"REDSHIFT_PORT": 5439}}


def warehouse_resource() -> Any:
    """The warehouse that `ROOTLY_DESTINATION` names, as a Dagster resource; credentials as `EnvVar`.

    Raises:
        NotConfigured: a package or a variable is missing.
    """
    name = destination()
    return _MADE_BY[name]() if name in _MADE_BY else _cloud(name)


# Each imports what it needs when it is called: an extra's packages are there only where it is installed, and
# who reads a DuckDB file does without Dagster.


def _duckdb() -> Any:
    from rootly_assets.warehouse.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(database=str(database_path()), **_limits())


def _postgres() -> Any:
    _check("ROOTLY_DESTINATION", "postgres")
    import dagster as dg

    from rootly_assets.warehouse.postgres.warehouse import PostgresWarehouse

    settings: dict[str, Any] = {
        field: dg.EnvVar(name) for name, field in _POSTGRES.items() if os.environ.get(name)
    }
    return PostgresWarehouse(**settings, port=postgres_port(), **_limits())


def _filesystem() -> Any:
    _check("ROOTLY_DESTINATION", "filesystem")
    from rootly_assets.warehouse.filesystem.place import (
        bucket_url,
        models_path,
        named_catalog,
        table_format,
    )
    from rootly_assets.warehouse.filesystem.warehouse import FilesystemWarehouse

    # Absolute, since dbt works from another folder.
    os.environ["ROOTLY_BUCKET_URL"] = bucket_url()
    _check("ROOTLY_TABLE_FORMAT", table_format())
    if table_format() == "iceberg":
        named_catalog()
    if kind_of(bucket_url()) == AZURE:
        _check("ROOTLY_BUCKET_URL", "azure")
    return FilesystemWarehouse(
        database=str(models_path()), url=bucket_url(), table_format=table_format(), **_limits()
    )


def _ducklake() -> Any:
    _check("ROOTLY_DESTINATION", "ducklake")
    import dagster as dg

    from rootly_assets.warehouse.ducklake.lake import catalog, data_path
    from rootly_assets.warehouse.ducklake.warehouse import DuckLakeWarehouse

    # Absolute, since dbt works from another folder; by their names, since an address may hold a password.
    os.environ["ROOTLY_DUCKLAKE_CATALOG"] = catalog()
    os.environ["ROOTLY_DUCKLAKE_DATA"] = data_path()
    return DuckLakeWarehouse(
        database=dg.EnvVar("ROOTLY_DUCKLAKE_CATALOG"),
        data=dg.EnvVar("ROOTLY_DUCKLAKE_DATA"),
        **_limits(),
    )


def _motherduck() -> Any:
    from rootly_assets.warehouse.motherduck.database import address, is_remote, offer_token
    from rootly_assets.warehouse.motherduck.warehouse import MotherDuckWarehouse

    # Absolute where it is a file, since dbt works from another folder.
    os.environ["ROOTLY_MOTHERDUCK_DATABASE"] = address()
    if is_remote(address()):
        _check("ROOTLY_DESTINATION", "motherduck")
        offer_token()
    return MotherDuckWarehouse(database=address(), **_limits())


def _cloud(name: str) -> Any:
    _check("ROOTLY_DESTINATION", name)
    for variable, usual in _PORTS.get(name, {}).items():
        port(variable, usual)
    import dagster as dg

    module = import_module(f"rootly_assets.warehouse.cloud.{name}")
    settings = {
        # SNOWFLAKE_ACCOUNT sets account, GOOGLE_CLOUD_PROJECT project, and so on.
        variable.removeprefix("GOOGLE_CLOUD_").removeprefix(f"{name.upper()}_").lower(): dg.EnvVar(
            variable
        )
        for variable in (*_REQUIRED[name], *_CLOUD_OPTIONS[name])
        if os.environ.get(variable)
    }
    return module.WAREHOUSE(**settings, memory_limit=database_memory())


def _limits() -> dict[str, Any]:
    return {"memory_limit": database_memory(), "lock_wait": lock_wait()}


_MADE_BY: dict[str, Callable[[], Any]] = {
    "duckdb": _duckdb,
    "postgres": _postgres,
    "filesystem": _filesystem,
    "ducklake": _ducklake,
    "motherduck": _motherduck,
}


def warehouse() -> Warehouse:
    """The same outside of Dagster.

    Raises:
        NotConfigured: a package or a variable is missing.
    """
    return outside_of_runs(warehouse_resource())


def configured_source() -> Source:
    """Where `ROOTLY_DESTINATION` is read from.

    Raises:
        NotConfigured: a package or a variable is missing.
    """
    if destination() == "duckdb":
        # What `DuckDBWarehouse.reading` gives, without the resource, which brings Dagster along.
        return FileSource(database_path())
    return warehouse().reading()


def _check(variable: str, name: str) -> None:
    missing = [package for package in _NEEDS.get(name, ()) if not _is_installed(package)]
    if missing:
        raise NotConfigured(
            f"{variable} is {name}, which needs packages that are not installed "
            f"({', '.join(missing)}): {adding(name)}."
        )
    unset = [each for each in _REQUIRED.get(name, ()) if not os.environ.get(each)]
    if unset:
        raise NotConfigured(f"{variable} is {name}: set {', '.join(unset)}.")


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # not even its parent
        return False
