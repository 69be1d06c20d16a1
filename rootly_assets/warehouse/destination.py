"""Which warehouse it is: the one place that knows all of them."""

import os
from importlib.util import find_spec
from typing import Any

import dagster as dg

from rootly_assets.api import NotConfigured
from rootly_assets.settings import (
    database_memory,
    database_path,
    destination,
    lock_wait,
    postgres_port,
)
from rootly_assets.warehouse.interface import Warehouse
from rootly_assets.warehouse.object_store import AZURE, kind_of
from rootly_assets.warehouse.reading import Source

# Packages that come with the extra of the same name: as the destination, the format or the kind of bucket.
_NEEDS = {
    "azure": ("azure.storage.blob",),
    "delta": ("deltalake", "pyarrow"),
    "ducklake": ("duckdb_extension_ducklake",),
    "iceberg": ("pyiceberg", "pyarrow", "sqlalchemy"),
    "postgres": ("psycopg2", "dbt.adapters.postgres"),
}

_REQUIRED: dict[str, tuple[str, ...]] = {
    "filesystem": ("ROOTLY_BUCKET_URL",),
    "postgres": ("ROOTLY_POSTGRES_HOST", "ROOTLY_POSTGRES_DATABASE", "ROOTLY_POSTGRES_USER"),
}

# Variables, and the fields of `PostgresWarehouse` that they set.
_POSTGRES = {
    "ROOTLY_POSTGRES_HOST": "host",
    "ROOTLY_POSTGRES_DATABASE": "database",
    "ROOTLY_POSTGRES_USER": "user",
    "ROOTLY_POSTGRES_PASSWORD": "password",
    "ROOTLY_POSTGRES_SSLMODE": "sslmode",
}


def warehouse_resource() -> Any:
    """The warehouse that `ROOTLY_DESTINATION` names, as a Dagster resource; credentials as `EnvVar`.

    Raises:
        NotConfigured: a package or a variable is missing.
    """
    if destination() == "postgres":
        _check("ROOTLY_DESTINATION", "postgres")
        from rootly_assets.warehouse.postgres.warehouse import PostgresWarehouse

        settings: dict[str, Any] = {
            field: dg.EnvVar(name) for name, field in _POSTGRES.items() if os.environ.get(name)
        }
        return PostgresWarehouse(
            **settings,
            port=postgres_port(),
            memory_limit=database_memory(),
            lock_wait=lock_wait(),
        )
    if destination() == "filesystem":
        _check("ROOTLY_DESTINATION", "filesystem")
        from rootly_assets.warehouse.filesystem.place import bucket_url, models_path, table_format
        from rootly_assets.warehouse.filesystem.warehouse import FilesystemWarehouse

        # Absolute, since dbt works from another folder.
        os.environ["ROOTLY_BUCKET_URL"] = bucket_url()
        _check("ROOTLY_TABLE_FORMAT", table_format())
        if kind_of(bucket_url()) == AZURE:
            _check("ROOTLY_BUCKET_URL", "azure")
        return FilesystemWarehouse(
            database=str(models_path()),
            url=bucket_url(),
            table_format=table_format(),
            memory_limit=database_memory(),
            lock_wait=lock_wait(),
        )
    if destination() == "ducklake":
        _check("ROOTLY_DESTINATION", "ducklake")
        from rootly_assets.warehouse.ducklake.lake import catalog, data_path
        from rootly_assets.warehouse.ducklake.warehouse import DuckLakeWarehouse

        # Absolute, since dbt works from another folder; by their names, since an address may hold a password.
        os.environ["ROOTLY_DUCKLAKE_CATALOG"], os.environ["ROOTLY_DUCKLAKE_DATA"] = (
            catalog(),
            data_path(),
        )
        return DuckLakeWarehouse(
            database=dg.EnvVar("ROOTLY_DUCKLAKE_CATALOG"),
            data=dg.EnvVar("ROOTLY_DUCKLAKE_DATA"),
            memory_limit=database_memory(),
            lock_wait=lock_wait(),
        )
    from rootly_assets.warehouse.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(
        database=str(database_path()), memory_limit=database_memory(), lock_wait=lock_wait()
    )


def warehouse() -> Warehouse:
    """The same outside of Dagster.

    Raises:
        NotConfigured: a package or a variable is missing.
    """
    return warehouse_resource().process_config_and_initialize()


def configured_source() -> Source:
    """Where `ROOTLY_DESTINATION` is read from.

    Raises:
        NotConfigured: a package or a variable is missing.
    """
    return warehouse().reading()


def _check(variable: str, name: str) -> None:
    missing = [package for package in _NEEDS.get(name, ()) if not _is_installed(package)]
    if missing:
        raise NotConfigured(
            f"{variable} is {name}, which needs packages that are not installed "
            f"({', '.join(missing)}): pip install 'rootly-assets[{name}]'."
        )
    unset = [each for each in _REQUIRED.get(name, ()) if not os.environ.get(each)]
    if unset:
        raise NotConfigured(f"{variable} is {name}: set {', '.join(unset)}.")


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # not even its parent
        return False
