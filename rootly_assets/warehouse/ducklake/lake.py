"""Which lake it is, and how a connection comes to it; dbt, the loader and readers come the same way."""

import os
import re
from pathlib import Path

import duckdb

from rootly_assets.errors import NotConfigured
from rootly_assets.settings import database_path
from rootly_assets.sql import literal
from rootly_assets.warehouse.ducklake.address import is_server, parted
from rootly_assets.warehouse.extensions import load
from rootly_assets.warehouse.object_store import CREDENTIALS, kind_of, open_bucket

# The name under which it is attached: of the database in `lake.marts.fct_incidents`.
ALIAS = "lake"

# What DuckDB knows the catalog's password by.
_SECRET = "rootly_catalog"  # noqa: S105 - its name

# `mysql:`, `postgresql://`; one letter is a drive of Windows.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")

# What a catalog is kept in, by the beginning of its address; a file of DuckDB's needs no extension.
_CATALOGS = {"sqlite:": "sqlite_scanner", "postgres:": "postgres_scanner"}


def catalog() -> str:
    """`ROOTLY_DUCKLAKE_CATALOG`: a file, or `sqlite:file`, or `postgres:dbname=… host=…`.

    Raises:
        NotConfigured: it is the address of something else, or not written so.
    """
    named = os.environ.get("ROOTLY_DUCKLAKE_CATALOG")
    if not named:
        return str(database_path().parent / "lake" / "catalog.ducklake")
    if named.startswith("sqlite:"):
        return f"sqlite:{Path(named.removeprefix('sqlite:')).absolute()}"
    if is_server(named):
        parted(named)
        return named
    if scheme := _SCHEME.match(named):
        # Not the address itself: it may hold a password.
        raise NotConfigured(
            f"ROOTLY_DUCKLAKE_CATALOG begins with {scheme[0]}, which no catalog of a DuckLake is kept in here. "
            "Set it to a file, to sqlite:file, or to postgres:dbname=… host=… user=… password=…"
        )
    return str(Path(named).absolute())


def data_path() -> str:
    """`ROOTLY_DUCKLAKE_DATA`: the folder or bucket (`s3://…`) of its Parquet files.

    Raises:
        NotConfigured: it is the address of something else.
    """
    named = os.environ.get("ROOTLY_DUCKLAKE_DATA")
    if not named:
        return str(database_path().parent / "lake" / "files")
    if kind_of(named) is not None:
        return named
    if "://" in named:
        raise NotConfigured(
            f"ROOTLY_DUCKLAKE_DATA begins with {named.partition('://')[0]}://, where no bucket is known. "
            f"Set it to a folder, or to a URL that begins with {', '.join(CREDENTIALS)}."
        )
    return str(Path(named).absolute())


def hide_address(error: duckdb.Error, catalog: str) -> bool:
    """Take the address of a server out of what DuckDB says, which quotes it.

    Out of the error itself: a log shows what another one came from, too.

    Returns:
        Whether it spoke of the server.
    """
    if not is_server(catalog):
        return False
    text, address = str(error), parted(catalog)[0].removeprefix("postgres:")
    if address not in text:
        return False
    reason = re.search(r"connection to server .+", text)
    error.args = (reason[0] if reason else text.replace(address, "…"),)
    return True


def file_of(catalog: str) -> Path | None:
    """The file that a catalog is kept in, if it is one."""
    return None if is_server(catalog) else Path(catalog.removeprefix("sqlite:"))


def attach(
    connection: duckdb.DuckDBPyConnection, catalog: str, data: str, *, read_only: bool = False
) -> None:
    """Attach a lake to a DuckDB in memory, and make it where plain names are looked for.

    Raises:
        NotConfigured: an extension is not installed.
        duckdb.Error: there is no such lake, or it is locked; without the catalog's address.
    """
    load(connection, "ducklake", "ducklake")
    for beginning, extension in _CATALOGS.items():
        if catalog.startswith(beginning):
            load(connection, extension, "ducklake")
    open_bucket(connection, data)
    options = f"DATA_PATH {literal(data)}" + (", READ_ONLY" if read_only else "")
    address, password = parted(catalog) if is_server(catalog) else (catalog, None)
    if password is not None:
        # Every query may ask with which address a database was attached; a secret shows no password.
        connection.execute(
            f"CREATE OR REPLACE SECRET {_SECRET} (TYPE postgres, PASSWORD {literal(password)})"
        )
        options += f", META_SECRET {literal(_SECRET)}"
    try:
        connection.execute(f"ATTACH {literal('ducklake:' + address)} AS {ALIAS} ({options})")
    except duckdb.Error as error:
        hide_address(error, catalog)
        raise
    connection.execute(f"USE {ALIAS}")
