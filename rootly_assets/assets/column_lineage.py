"""Columns of the models, and which comes from which, as dagster-dbt finds them, but for a fraction of the CPU.

It waits for the end of dbt, whose lock on a DuckDB file keeps it out, in a loop that takes a core to itself, of
which dbt could make use. It looks for the columns of tests too, which have none. It has sqlglot make each
statement faster to run, though nobody runs it. And it asks sqlglot for one column after the other, which reads
the whole statement anew for each.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, cast

import dagster as dg
from dagster._core.utils import exhaust_iterator_and_yield_results_with_exception
from dagster_dbt.core import dbt_cli_event
from dagster_dbt.core.dbt_cli_invocation import DbtCliInvocation
from dagster_dbt.core.dbt_event_iterator import DbtEventIterator
from sqlglot import MappingSchema
from sqlglot.expressions import Query
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope


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
    found: dict[str, Node] = {}

    def with_lineage(statement: Query, schema: MappingSchema, dialect: str) -> Query:
        qualified = qualify(statement, schema=schema, dialect=dialect)
        found.clear()
        found.update(
            lineage(
                None,
                qualified,
                schema=schema,
                dialect=dialect,
                scope=build_scope(qualified),
                # A statement trimmed for each column would be for people to read: only leaves are asked for.
                trim_selects=False,
                copy=False,
            )
        )
        return qualified

    def of_column(column: str, dialect: str, **_statement: Any) -> Node:
        # The statement is the one that `with_lineage` was given last.
        return found[normalize_identifiers(column, dialect=dialect).name]

    caller: Any = dbt_cli_event
    theirs = caller.optimize, caller.lineage
    caller.optimize, caller.lineage = with_lineage, of_column
    try:
        yield
    finally:
        caller.optimize, caller.lineage = theirs
