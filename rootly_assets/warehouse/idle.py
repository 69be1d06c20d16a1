"""DuckDBs in memory that wait for the next use: to load an extension anew costs more than a small load."""

from collections.abc import Mapping

import duckdb

Config = Mapping[str, str | bool | int | float | list[str]]

_idle: dict[str, list[duckdb.DuckDBPyConnection]] = {}


def in_memory(config: Config) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory with these settings, new or one that was let go."""
    waiting = _idle.get(str(config))
    try:
        return waiting.pop() if waiting else _new(config)
    except IndexError:  # another thread was faster
        return _new(config)


def let_go(connection: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Keep a connection for the next who asks for one with these settings."""
    _idle.setdefault(str(config), []).append(connection)


def _new(config: Config) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=dict(config))
