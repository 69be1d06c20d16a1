"""What keeps a query of PostgreSQL to an answer: it is one statement with rows, of a role without power."""

import psycopg2
from psycopg2.errors import (
    InvalidCursorDefinition,
    InvalidSchemaName,
    UndefinedColumn,
    UndefinedTable,
)
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.warehouse.reading import DatasetError, UnknownName

# Roles that may do more on the server than in its databases; superusers may do all of it.
_POWERFUL = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"]

# A table in a schema that is not there is an undefined table, too.
NOT_THERE = (UndefinedTable, UndefinedColumn, InvalidSchemaName)

# A function of a SELECT's can take any role that the session may.
_POWER = """
SELECT session_user, bool_or(rolsuper OR rolname = ANY (%s))
FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')
"""


def refuse_a_script(cursor: Cursor, asked: str) -> None:
    """Refuse what is more than one statement, or none with rows; it is planned, and nothing of it runs.

    Raises:
        DatasetError: it is more.
        psycopg2.Error: it can't be planned.
    """
    body = cursor.mogrify(
        "DECLARE c refcursor; BEGIN OPEN c FOR EXECUTE %s; CLOSE c; END", (asked,)
    )
    try:
        cursor.execute(cursor.mogrify("DO %s", (body.decode(),)))
    except InvalidCursorDefinition as error:
        raise refusal("It should be one SELECT.") from error


def refuse_power(cursor: Cursor) -> None:
    """Refuse to be asked as a role that may read the server's files, write them, or run its programs.

    Raises:
        DatasetError: it may.
    """
    cursor.execute(_POWER, (_POWERFUL,))
    role, is_powerful = cursor.fetchone() or ("", True)
    if is_powerful:
        raise refusal(
            f"The role {role} has power over the whole server, as a superuser or by a right to its files or "
            "programs, and so would whoever types here. Start the dashboard with a role in "
            "ROOTLY_POSTGRES_USER that may do no more than read the schemas rootly, seeds, staging, "
            "intermediate and marts: CREATE ROLE, GRANT USAGE ON SCHEMA, GRANT SELECT ON ALL TABLES IN SCHEMA."
        )


def refusal(reason: str | psycopg2.Error) -> DatasetError:
    """The error for a query that is not answered."""
    text = str(reason)
    # What comes then is how we asked.
    for ours in ("\nQUERY:", "\nCONTEXT:"):
        text = text.partition(ours)[0]
    kind = UnknownName if isinstance(reason, NOT_THERE) else DatasetError
    return kind(f"The query was refused. {text.strip()}")
