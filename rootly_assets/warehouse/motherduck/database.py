"""Which database it is, and how a connection comes to it; dbt, the loader and readers come the same way."""

import os
import re
from pathlib import Path

import duckdb

from rootly_assets.errors import NotConfigured
from rootly_assets.sql import literal, quoted
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.extensions import load
from rootly_assets.warehouse.motherduck.errors import token_refused_or, unreachable

_REMOTE = "md:"

# Named as the DuckDB file is: a query that names the database too reads the same in both.
_DEFAULT = "md:warehouse"

# Where DuckDB's extension looks for it.
_TOKEN = "motherduck_token"  # noqa: S105 - the name of a variable


def address() -> str:
    """`ROOTLY_MOTHERDUCK_DATABASE`: `md:` and a name; or a DuckDB file, which needs no account.

    Raises:
        NotConfigured: it is neither.
    """
    named = os.environ.get("ROOTLY_MOTHERDUCK_DATABASE") or _DEFAULT
    if not is_remote(named) and named.endswith(".duckdb"):
        return str(Path(named).absolute())
    if not re.fullmatch(rf"{_REMOTE}[A-Za-z_]\w*", named):
        # Not quoted: who puts parameters behind the name may have put the token there.
        raise NotConfigured(
            f"ROOTLY_MOTHERDUCK_DATABASE should be {_REMOTE} and the name of a database (letters, digits and "
            f"_), like {_DEFAULT}, or a file that ends in .duckdb. The token belongs in MOTHERDUCK_TOKEN."
        )
    return named


def is_remote(address: str) -> bool:
    """Whether a database is MotherDuck's, and no file."""
    return address.startswith(_REMOTE)


def file_of(address: str) -> Path | None:
    """The file that stands in for a database of MotherDuck's, if one does."""
    return None if is_remote(address) else Path(address)


def offer_token() -> None:
    """Put the token where the extension looks for it, so that it is in no statement that a log may show.

    Raises:
        NotConfigured: there is none. The extension would open a browser, and wait.
    """
    token = os.environ.get("MOTHERDUCK_TOKEN") or os.environ.get(_TOKEN)
    if not token:
        raise NotConfigured(
            "ROOTLY_DESTINATION is motherduck: set MOTHERDUCK_TOKEN to an access token (in MotherDuck: "
            "Settings, Access Tokens)."
        )
    os.environ[_TOKEN] = token


def attach(connection: duckdb.DuckDBPyConnection, address: str) -> None:
    """Attach the database to a DuckDB in memory, and make it where plain names are looked for.

    Raises:
        NotConfigured: the extension is not installed, or there is no token.
        WarehouseError: MotherDuck can't be reached, or refuses.
        duckdb.Error: a file can't be opened.
    """
    if is_remote(address):
        _attach_remote(connection, address)
    else:
        connection.execute(f"ATTACH {literal(address)}")
    name = Path(address.removeprefix(_REMOTE)).name.split(".")[0]
    connection.execute(f"USE {quoted(name)}")


def _attach_remote(connection: duckdb.DuckDBPyConnection, address: str) -> None:
    offer_token()
    refused: WarehouseError
    try:
        load(connection, "motherduck", "motherduck")
    except duckdb.Error as error:
        refused = unreachable(error)
    else:
        try:
            # Without an alias, which MotherDuck does not allow; of all databases, only this one is seen then.
            connection.execute(f"ATTACH {literal(address)}")
        except duckdb.Error as error:
            refused = token_refused_or(error, address)
        else:
            return
    # Not inside of a handler: a log would show what the error came from, too.
    raise refused
