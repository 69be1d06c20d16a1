"""How many rows tables have, asked of many at once."""

import re
from collections.abc import Iterable

from rootly_assets.reader import Dataset, DatasetError

_AT_ONCE = 40
"""Tables a query: few round trips, and none so long that a warehouse refuses it."""

# Of other names nobody knows here how the warehouse wants them written.
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def row_counts(dataset: Dataset, tables: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many rows each table has; without those that this user may not read, and what is asked with them.

    Args:
        dataset: where to read.
        tables: schema and name of each, in lower case.
    """
    named = [each for each in tables if all(map(_PLAIN.fullmatch, each))]
    found: dict[tuple[str, str], int] = {}
    for at in range(0, len(named), _AT_ONCE):
        query = " UNION ALL ".join(
            f"SELECT '{schema}' AS table_schema, '{table}' AS table_name, count(*) AS n FROM {schema}.{table}"
            for schema, table in named[at : at + _AT_ONCE]
        )
        try:
            rows = dataset.portable(query).records()
        except DatasetError:
            continue
        found |= {(row["table_schema"], row["table_name"]): row["n"] for row in rows}
    return found
