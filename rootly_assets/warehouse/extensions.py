"""Extensions of DuckDB, from the package registry: DuckDB itself would download them when they are used."""

from importlib.util import find_spec
from pathlib import Path

import duckdb

from rootly_assets.errors import NotConfigured
from rootly_assets.installation import adding
from rootly_assets.sql import literal


def load(connection: duckdb.DuckDBPyConnection, name: str, extra: str) -> None:
    """Load an extension, without a download.

    Args:
        connection: where it is needed; other connections to the same database have it then too.
        name: as DuckDB calls it.
        extra: the extra of this package that brings it along.

    Raises:
        NotConfigured: it is not installed, or made for another version of DuckDB.
    """
    connection.execute("SET autoinstall_known_extensions = false")
    if (file := _packaged(name)) is not None:
        connection.execute(f"LOAD {literal(str(file))}")
        return
    try:
        connection.execute(f"LOAD {name}")  # one that DuckDB has installed itself
    except duckdb.Error as error:
        raise NotConfigured(
            f"DuckDB's extension {name} is not installed for DuckDB {duckdb.__version__}: "
            f"{adding(extra, exactly=f'{_package(name)}=={duckdb.__version__}')}."
        ) from error


def _package(name: str) -> str:
    return f"duckdb-extension-{name.replace('_', '-')}"


def _packaged(name: str) -> Path | None:
    found = find_spec(_package(name).replace("-", "_"))
    for folder in (found and found.submodule_search_locations) or ():
        version = Path(folder) / "extensions" / f"v{duckdb.__version__}"
        if (file := version / f"{name}.duckdb_extension").exists():
            return file
    return None
