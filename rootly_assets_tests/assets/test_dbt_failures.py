"""A failure of dbt is told by what dbt said, not by its command line or a traceback."""

from dagster_dbt.errors import DagsterDbtCliRuntimeError

from rootly_assets.assets.dbt_failures import met_a_lock, reason

COMMAND = "The dbt CLI process with command\n\n`dbt build`\n\nfailed with exit code `1`."
PARSED = "\n\nErrors parsed from dbt logs:\n\n"
LOCKED = (
    'IO Error: Could not set lock on file "/data/warehouse.duckdb": Conflicting lock is held in '
    "/usr/bin/duckdb (PID 4163). See also https://duckdb.org/docs"
)
TRACEBACK = (
    'Traceback (most recent call last):\n  File "connections.py", line 110, in open\n    raise'
)


def test_a_wrong_model_is_told_in_dbts_words() -> None:
    error = DagsterDbtCliRuntimeError(
        f"{COMMAND}{PARSED}\x1b[31mFailure in model wrong\x1b[0m\n\n  No column of that name"
    )
    assert reason(error) == "dbt failed. Failure in model wrong\n\n  No column of that name"
    assert not met_a_lock(error)


def test_a_file_in_use_is_told_as_everywhere() -> None:
    error = DagsterDbtCliRuntimeError(
        f"{COMMAND}{PARSED}Encountered an error:\n{LOCKED}\n\n{TRACEBACK}"
    )
    assert met_a_lock(error)
    assert reason(error).startswith(
        "The DuckDB file /data/warehouse.duckdb is locked by process 4163 (/usr/bin/duckdb)."
    )


def test_where_dbt_left_nothing_its_end_is_told() -> None:
    assert reason(DagsterDbtCliRuntimeError(COMMAND)) == f"dbt failed. {COMMAND}"
