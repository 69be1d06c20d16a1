"""What fakesnow lacks of Snowflake, where dlt or this project need it; nothing here changes what they say."""

import re
from importlib import import_module
from typing import Any

import pytest

# How dlt names the place of a file: a table's own stage, a folder for the load, and the file.
_PLACE = re.compile(r"""'@"(\w+)"\."%(\w+)"/"[\d.]+"(?:/[\w.]+)?'""")


# dbt signs its statements.
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

_OVERWRITE = re.compile(r"^\s*insert\s+overwrite\s+into\s+([\w.]+)", re.IGNORECASE)

# It takes what `split` gives for an array of DuckDB's, which it is not.
_CONTAINS = re.compile(r"array_contains\(to_variant\(([^()]*)\), split\(([^()]*), '\|'\)\)")

# Text of a VARIANT: its own keeps the quotes of JSON.
_UNQUOTED = re.compile(r"(is_(?:varchar|array)\(([^()]*)\)\s+then\s+)cast\(\2 as varchar\)")

# All its whole numbers are so long that they can't be added to a date.
_DAYS_LATER = re.compile(r"(\w+)\s+\+\s+cast\(((?:(?!cast\().)*?)\s+as integer\s*\)", re.DOTALL)

# Functions of Snowflake's that fakesnow does not know, and those named above.
_FUNCTIONS = """
CREATE OR REPLACE MACRO {catalog}.is_varchar(value) AS (json_type(value) = 'VARCHAR');
CREATE OR REPLACE MACRO {catalog}.unquoted(value) AS (value ->> '$');
CREATE OR REPLACE MACRO {catalog}.whole_days(value) AS (CAST(value AS INTEGER));
CREATE OR REPLACE MACRO {catalog}.is_object(value) AS (json_type(value) = 'OBJECT');
CREATE OR REPLACE MACRO {catalog}.is_array(value) AS (json_type(value) = 'ARRAY');
"""


def fill_gaps(patch: pytest.MonkeyPatch) -> None:
    """What Snowflake understands of what dlt and we say, and fakesnow does not.

    It runs one statement a request, where dlt sends several; it has no stages of tables, no folders in them,
    no quotes around their names; quotes in a comment break it. Where it breaks it would be asked for ever.
    """
    import pyarrow as pa
    from dlt.destinations import snowflake as destination
    from fakesnow import arrow, info_schema, macros
    from fakesnow.cursor import FakeSnowflakeCursor
    from snowflake.connector.errors import Error, ProgrammingError

    server = import_module("fakesnow.server")  # the package has a function of that name
    capabilities = destination._raw_capabilities
    execute = FakeSnowflakeCursor.execute
    commented = info_schema.insert_table_comment_sql
    created = macros.creation_sql
    to_struct, to_ipc = arrow.timestamp_to_sf_struct, arrow.to_ipc

    def one_statement(self: Any) -> Any:
        found = capabilities(self)
        found.supports_multiple_statements = False
        return found

    def understood(self: Any, command: str, *arguments: Any, **options: Any) -> Any:
        try:
            return execute(self, _plainly(self, command), *arguments, **options)
        except Error:
            raise
        except Exception as error:
            raise ProgrammingError(f"fakesnow: {error}", errno=1) from error

    def _plainly(self: Any, command: str) -> str:
        if _COMMENT.sub("", command).strip(" \n;").upper() == "BEGIN":
            execute(self, "BEGIN TRANSACTION")
            return "SELECT 'Statement executed successfully.' AS status"
        command = _CONTAINS.sub(r"contains('|' || \2 || '|', '|' || \1 || '|')", command)
        command = _UNQUOTED.sub(r"\1unquoted(\2)", command)
        command = _DAYS_LATER.sub(r"\1 + whole_days(\2)", command)
        if overwriting := _OVERWRITE.search(command):
            execute(self, f"DELETE FROM {overwriting[1]}")
            return _OVERWRITE.sub(r"INSERT INTO \1", command)
        place = _PLACE.search(command)
        if place is None or not command.startswith(("PUT", "COPY", "REMOVE")):
            return command
        if command.startswith("REMOVE"):
            return "SELECT 1"
        stage = f"{place[1]}.STAGE_OF_{place[2]}"
        execute(self, f"CREATE STAGE IF NOT EXISTS {stage}")
        if command.startswith("PUT"):
            return _PLACE.sub(f"@{stage}", command).replace("TRUE, AUTO", "TRUE AUTO")
        copied = _PLACE.sub(f"@{stage}", command)  # one file is all there is
        return copied.replace("'CASE_INSENSITIVE'", "CASE_INSENSITIVE")

    def with_nulls(times: Any) -> Any:
        """Its own makes 1970 of a null."""
        whole = times.combine_chunks() if isinstance(times, pa.ChunkedArray) else times
        struct = to_struct(whole.fill_null(pa.scalar(0, whole.type)))
        arrays = [struct.field(at) for at in range(struct.type.num_fields)]
        return pa.StructArray.from_arrays(arrays, fields=list(struct.type), mask=whole.is_null())

    def of_any_size(table: Any) -> Any:
        """Its own knows answers of one batch alone."""
        whole = table.combine_chunks()
        nothing = pa.RecordBatch.from_pylist([], schema=table.schema)
        return to_ipc(pa.Table.from_batches(whole.to_batches()[:1] or [nothing]))

    patch.setattr(arrow, "timestamp_to_sf_struct", with_nulls)
    patch.setattr(server, "to_ipc", of_any_size)
    patch.setattr(destination, "_raw_capabilities", one_statement)
    patch.setattr(
        macros,
        "creation_sql",
        lambda catalog: created(catalog) + ";" + _FUNCTIONS.format(catalog=catalog),
    )
    patch.setattr(FakeSnowflakeCursor, "execute", understood)
    patch.setattr(
        info_schema,
        "insert_table_comment_sql",
        lambda *names: commented(*names[:-1], names[-1] and names[-1].replace("'", "''")),
    )
