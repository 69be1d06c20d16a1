"""PostgreSQL's errors, in sentences that say what to do."""

import psycopg2
from psycopg2 import errors

from rootly_assets.warehouse.errors import WarehouseError


def not_connected(error: psycopg2.Error, place: str) -> WarehouseError:
    """The server does not let us in."""
    text = str(error).strip()
    # A line tells of each address that was tried, the last one of why; indented ones only ask a question.
    lines = [line for line in text.splitlines() if not line.startswith("\t")]
    reason = lines[-1].removeprefix("connection to server ") if lines else "no reason given"
    if "password" in text or "authentication" in text:
        remedy = "Check ROOTLY_POSTGRES_USER and ROOTLY_POSTGRES_PASSWORD."
    elif "does not exist" in text:
        remedy = (
            "Check ROOTLY_POSTGRES_DATABASE and ROOTLY_POSTGRES_USER, or create what is missing."
        )
    elif "ssl" in text.casefold():
        remedy = "Check ROOTLY_POSTGRES_SSLMODE."
    else:
        remedy = (
            "Check ROOTLY_POSTGRES_HOST and ROOTLY_POSTGRES_PORT, and that the server is running."
        )
    return WarehouseError(f"PostgreSQL at {place} can't be reached: {reason}. {remedy}")


def said_plainly(error: psycopg2.Error, place: str) -> WarehouseError:
    """A statement failed; the transaction that it was part of is rolled back."""
    # Not the whole text: its details quote what is in the rows.
    told = (error.diag.message_primary or str(error)).strip()
    reason = told.splitlines()[0] if told else type(error).__name__
    if isinstance(error, errors.InsufficientPrivilege):
        return WarehouseError(
            f"PostgreSQL at {place} does not allow it: {reason}. The user of ROOTLY_POSTGRES_USER must own "
            "the schema rootly, or be allowed to create schemas in the database."
        )
    if isinstance(error, errors.DiskFull):
        return WarehouseError(
            f"The disk of PostgreSQL at {place} is full. Free some space and run again; nothing was changed."
        )
    if isinstance(error, errors.LockNotAvailable):
        return WarehouseError(
            f"Another session of PostgreSQL at {place} kept a table locked for too long. Look into "
            "pg_stat_activity for one that is idle in transaction, and run again; nothing was changed."
        )
    # Limits of the server's are operational errors too, but come with a code.
    is_lost = error.pgcode is None or error.pgcode.startswith(("08", "57P"))
    if is_lost and isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError):
        return WarehouseError(
            f"The connection to PostgreSQL at {place} was lost: {reason}. What was not committed by then "
            "will be read again: run again."
        )
    return WarehouseError(f"PostgreSQL at {place} refused: {reason}")
