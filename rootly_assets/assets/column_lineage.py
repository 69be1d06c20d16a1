"""Which column comes from which, worked out once a model.

dagster-dbt asks sqlglot for one column after the other, which reads the whole statement anew for each: most of
what lineage takes. Here it is asked for all columns of a statement together.
"""

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from dagster_dbt.core import dbt_cli_event
from sqlglot import MappingSchema
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

# Statements at a time: dagster-dbt looks at four models side by side.
_REMEMBERED = 8


@contextmanager
def once_a_model() -> Generator[None]:
    """Let dagster-dbt work out the lineage of all columns of a model at once; what it finds is the same."""

    @lru_cache(maxsize=_REMEMBERED)
    def of_statement(sql: str, schema: MappingSchema, dialect: str) -> dict[str, Node]:
        # The trimmed statement of each column would be for people to read: only its leaves are asked for.
        return lineage(None, sql, schema=schema, dialect=dialect, trim_selects=False)

    def of_column(column: str, sql: str, schema: MappingSchema, dialect: str) -> Node:
        name = normalize_identifiers(column, dialect=dialect).name
        return of_statement(sql, schema, dialect)[name]

    caller: Any = dbt_cli_event
    theirs, caller.lineage = caller.lineage, of_column
    try:
        yield
    finally:
        caller.lineage = theirs
