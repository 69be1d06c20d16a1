"""Names and types as PostgreSQL knows them."""

import string

from rootly_assets.catalogue import ColumnType

SQL_TYPES = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.NUMBER: "double precision",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.TIMESTAMP: "timestamp with time zone",
    ColumnType.DATE: "date",
    ColumnType.JSON: "jsonb",
}

# PostgreSQL cuts longer names off without a word, and two of them may then be the same.
LONGEST_NAME = 63

# Every table has these already.
SYSTEM_COLUMNS = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})

_FOLDED = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(name: str) -> str:
    """An attribute's name as its column is called: as PostgreSQL reads it where nobody quotes it."""
    return name.translate(_FOLDED)


def is_unusable(name: str) -> bool:
    """Whether an attribute can't have a column of its name."""
    return len(name.encode()) > LONGEST_NAME or folded(name) in SYSTEM_COLUMNS


def column_type(sql_type: str) -> ColumnType:
    """The type of a column as PostgreSQL says it; what was declared as something else is JSON to us."""
    return next((kind for kind, name in SQL_TYPES.items() if name == sql_type), ColumnType.JSON)
