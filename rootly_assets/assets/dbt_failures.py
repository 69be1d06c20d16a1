"""Why dbt failed, in words for people: what it said itself, without command line, colours and tracebacks."""

import re

import duckdb
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from rootly_assets.warehouse.errors import is_locked, said_plainly

# What dbt colours for a terminal.
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def met_a_lock(error: DagsterDbtCliRuntimeError) -> bool:
    """Whether another process had the DuckDB file open, so that nothing was built."""
    return is_locked(duckdb.IOException(_said(error)))


def reason(error: DagsterDbtCliRuntimeError) -> str:
    """What dbt said, in one or more lines, for the terminal and the run's page."""
    said = _said(error)
    locked = re.search(r'Could not set lock on file "(.+?)"', said)
    if locked and met_a_lock(error):
        return str(said_plainly(duckdb.IOException(said), locked[1]))
    return f"dbt failed. {said}"


def _said(error: DagsterDbtCliRuntimeError) -> str:
    text = COLOUR.sub("", str(error))
    command, _, messages = text.partition("Errors parsed from dbt logs:")
    plain = re.split(r"^Traceback \(most recent call last\):", messages, flags=re.MULTILINE)[0]
    return plain.strip() or command.strip()
