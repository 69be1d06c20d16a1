"""Which lake it is, and how a connection comes to it; dbt, the loader and readers come the same way."""

import os
import re
from pathlib import Path

import duckdb

from rootly_assets.settings import database_path
from rootly_assets.sql import literal
from rootly_assets.warehouse.extensions import load
from rootly_assets.warehouse.object_store import open_bucket

# The name under which it is attached: of the database in `lake.marts.fct_incidents`.
ALIAS = "lake"

# What a catalog is kept in, by the beginning of its address; a file of DuckDB's needs no extension.
_CATALOGS = {"sqlite:": "sqlite_scanner", "postgres:": "postgres_scanner"}


def catalog() -> str:
    """`ROOTLY_DUCKLAKE_CATALOG`: a file, or `sqlite:file`, or `postgres:dbname=… host=…`."""
    named = os.environ.get("ROOTLY_DUCKLAKE_CATALOG")
    if not named:
        return str(database_path().parent / "lake" / "catalog.ducklake")
    if named.startswith("sqlite:"):
        return f"sqlite:{Path(named.removeprefix('sqlite:')).absolute()}"
    return named if is_server(named) else str(Path(named).absolute())


def data_path() -> str:
    """`ROOTLY_DUCKLAKE_DATA`: the folder or bucket (`s3://…`) of its Parquet files."""
    named = os.environ.get("ROOTLY_DUCKLAKE_DATA")
    if not named:
        return str(database_path().parent / "lake" / "files")
    return named if "://" in named else str(Path(named).absolute())


def _without_address(text: str, catalog: str) -> str:
    """What DuckDB says, without the address of a server: it quotes it, with the password."""
    if not is_server(catalog):
        return text
    reason = re.search(r"connection to server .+", text)
    return reason[0] if reason else text.replace(catalog.removeprefix("postgres:"), "…")


def is_server(catalog: str) -> bool:
    """Whether a catalog is no file."""
    return catalog.startswith("postgres:")


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
    options = ", READ_ONLY" if read_only else ""
    attaching = (
        f"ATTACH {literal('ducklake:' + catalog)} AS {ALIAS} (DATA_PATH {literal(data)}{options})"
    )
    try:
        connection.execute(attaching)
    except duckdb.Error as error:
        refused = type(error)(_without_address(str(error), catalog))
    else:
        connection.execute(f"USE {ALIAS}")
        return
    # Not inside of the handler: a log would show what the error came from, too.
    raise refused
