"""MotherDuck's errors, in sentences that say what to do; whatever it says, the token is not in them."""

import os

import duckdb

from rootly_assets.warehouse.errors import WarehouseError


def unreachable(error: duckdb.Error) -> WarehouseError:
    """The extension was found, and could not be made ready."""
    return WarehouseError(
        "MotherDuck can't be reached: DuckDB's extension for it fetches the rest of itself from there whenever "
        f"it is loaded ({_reason(error)}). Check that this machine reaches api.motherduck.com and "
        "ext.motherduck.com."
    )


def token_refused_or(error: duckdb.Error, address: str) -> WarehouseError:
    """The database could not be attached."""
    reason = _reason(error)
    if "authenticated" in reason or "token" in reason.lower():
        return WarehouseError(
            f"MotherDuck refused the token: {reason}. Set MOTHERDUCK_TOKEN to an access token that is valid "
            "and may write."
        )
    return WarehouseError(
        f"The database {address} can't be opened: {reason}. Make it once, by CREATE DATABASE in MotherDuck, or "
        "name another in ROOTLY_MOTHERDUCK_DATABASE."
    )


def refused(error: duckdb.Error, address: str) -> WarehouseError:
    """A statement could not be carried out."""
    return WarehouseError(f"MotherDuck could not work on {address}: {_reason(error)}")


def _reason(error: duckdb.Error) -> str:
    text = str(error)
    for name in ("MOTHERDUCK_TOKEN", "motherduck_token"):
        if token := os.environ.get(name):
            text = text.replace(token, "…")
    return next(iter(text.splitlines()), "it gave no reason").rstrip(".")
