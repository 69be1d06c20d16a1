"""Columns of the models, and which comes from which, as dagster-dbt finds them, but for a fraction of the CPU.

It waits for the end of dbt, whose lock on a DuckDB file keeps it out, in a loop that takes a core to itself, of
which dbt could make use. It looks for the columns of tests too, which have none. And it asks sqlglot for one
column after the other, which reads the whole statement anew for each.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

import dagster as dg
from dagster._core.utils import exhaust_iterator_and_yield_results_with_exception
from dagster_dbt.core import dbt_cli_event
from dagster_dbt.core.dbt_cli_invocation import DbtCliInvocation
from dagster_dbt.core.dbt_event_iterator import DbtEventIterator
from sqlglot import MappingSchema
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers


def with_columns(build: DbtCliInvocation) -> Iterator[Any]:
    """What a build did, in its order, with columns and their lineage where it is a model.

    Raises:
        DagsterDbtCliRuntimeError: the build failed; after all that it did.
    """
    events: Iterator[Any] = cast("Any", build.stream())
    if build.adapter is not None and build.adapter.type() == "duckdb":
        events = exhaust_iterator_and_yield_results_with_exception(events)
    with once_a_model():
        for event in events:
            if isinstance(event, dg.Output | dg.AssetMaterialization):
                yield from _looked_at(event, build)
            else:
                yield event


def _looked_at(event: Any, build: DbtCliInvocation) -> Iterator[Any]:
    one: Any = DbtEventIterator(iter([event]), dbt_cli_invocation=build)
    return one.fetch_column_metadata()


@contextmanager
def once_a_model() -> Generator[None]:
    """Let dagster-dbt work out the lineage of all columns of a model at once; what it finds is the same."""

    @lru_cache(maxsize=1)
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
