"""Nothing that a record says is lost: each value is in its column exactly, or in `_rescued`."""

import json
import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootly_assets.catalogue import ColumnType, Endpoint, Pages, PageStyle, Strategy
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.shaping.typed_rows import MOST_NEW_COLUMNS, shape
from rootly_assets.warehouse.leniency import leniently
from rootly_assets_tests.examples import examples

THINGS = Endpoint(
    table="things",
    path="/v1/things",
    domain="organization",
    type="things",
    strategy=Strategy.WHOLE,
    pages=Pages(style=PageStyle.NUMBERED),
    secrets=("password",),
    columns={
        "text": ColumnType.TEXT,
        "whole": ColumnType.INTEGER,
        "number": ColumnType.NUMBER,
        "flag": ColumnType.BOOLEAN,
        "moment": ColumnType.TIMESTAMP,
        "day": ColumnType.DATE,
        "tree": ColumnType.JSON,
    },
)

Row = dict[str, Any]
Known = dict[str, str]
NO_EXAMPLES_KEPT = settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def rows_of(
    folder: Path, records: Iterable[Any], endpoint: Endpoint = THINGS, known: Known | None = None
) -> list[Row]:
    """The shaped rows of records (bytes as they are, anything else as JSON)."""
    landing = LandingFile(folder / "landing.ndjson")
    landing.append(
        each if isinstance(each, bytes) else json.dumps(each).encode() for each in records
    )
    landing.close()
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return leniently(
            connection,
            "1GB",
            lambda patient: _rows(connection, endpoint, landing, known or {}, patient=patient),
        )


def _rows(
    connection: duckdb.DuckDBPyConnection,
    endpoint: Endpoint,
    landing: LandingFile,
    known: Known,
    *,
    patient: bool,
) -> list[Row]:
    shaped = shape(
        connection, endpoint, landing.path, longest=landing.longest, known=known, patient=patient
    )
    found = connection.execute(shaped.select)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def row_of(folder: Path, attributes: Any, **more: Any) -> Row:
    """The row of one record; bytes for attributes are taken as the JSON text that they are."""
    text = attributes if isinstance(attributes, bytes) else json.dumps(attributes).encode()
    record = b'{"id":"1","type":"things","attributes":%s}' % text
    (row,) = rows_of(folder, [record], **more)
    return row


def rescued(row: Row) -> dict[str, Any]:
    return json.loads(row["_rescued"] or "{}")


def same(found: Any, value: Any) -> bool:
    """Whether two parsed JSON values are equal, `1` and `true` not being so."""
    if isinstance(found, list) and isinstance(value, list):
        return len(found) == len(value) and all(map(same, found, value))
    if isinstance(found, dict) and isinstance(value, dict):
        return found.keys() == value.keys() and all(same(found[key], value[key]) for key in value)
    return isinstance(found, bool) == isinstance(value, bool) and found == value


def in_column(found: Any, value: Any, kind: ColumnType) -> bool:
    """Whether a column of this type says just what the value says."""
    if found is None:
        return False
    match kind:
        case ColumnType.JSON:
            return same(json.loads(found), value)
        case ColumnType.TEXT:
            return found == value if isinstance(value, str) else same(json.loads(found), value)
        case ColumnType.BOOLEAN:
            return found is value or value == str(found).lower()
        case ColumnType.INTEGER:
            try:
                return not isinstance(value, bool) and Decimal(str(value)) == found
            except InvalidOperation:
                return False
        case ColumnType.NUMBER:
            return not isinstance(value, bool) and math.isfinite(found) and float(value) == found
        case ColumnType.TIMESTAMP:
            moment = datetime.fromisoformat(value)
            return found == (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        case ColumnType.DATE:
            return found == date.fromisoformat(value)


def in_rescued(row: Row, name: str, value: Any) -> bool:
    kept = rescued(row).get(name)
    if isinstance(kept, str) and not isinstance(value, str):
        kept = json.loads(kept)  # a misfit is kept as its JSON text
    return kept is not None and same(kept, value)


def is_kept(row: Row, name: str, value: Any) -> bool:
    if value is None or name == "id":
        return True
    column = row.get(name)
    if name in THINGS.columns:
        kind = THINGS.columns[name]
    elif name in ("_rescued", "relationships"):
        column, kind = None, ColumnType.JSON
    else:
        kind = ColumnType.JSON
    return in_column(column, value, kind) or in_rescued(row, name, value)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**63) - 2, 2**63 + 2)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.sampled_from(["", "null", "true", "1", "1.5", "NaN", "inf", "-0", "today", "epoch", "{}"])
    | st.datetimes(timezones=OFFSETS).map(datetime.isoformat)
    | st.dates().map(date.isoformat)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    st.sampled_from([*THINGS.columns])
    | st.sampled_from(["Text", "TEXT", "new", "New", "id", "ID", "_rescued", "relationships"])
    | TEXTS.filter(lambda name: name not in THINGS.secrets)  # which are not kept, and tested below
)
RECORDS = st.lists(st.dictionaries(NAMES, VALUES, max_size=8), min_size=1, max_size=4)


@NO_EXAMPLES_KEPT
@given(records=RECORDS, spelled_out=st.booleans())
def test_any_value_of_any_attribute_is_in_its_column_or_rescued(
    tmp_path: Path, records: list[dict[str, Any]], spelled_out: bool
) -> None:
    lines = [
        json.dumps({"id": str(i), "attributes": each}, ensure_ascii=spelled_out).encode()
        for i, each in enumerate(records)
    ]
    found = {row["id"]: row for row in rows_of(tmp_path, lines)}
    assert len(found) == len(records)
    for i, attributes in enumerate(records):
        for name, value in attributes.items():
            assert is_kept(found[str(i)], name, value), (name, value, found[str(i)])


@NO_EXAMPLES_KEPT
@given(value=VALUES.filter(lambda value: not isinstance(value, dict) and value is not None))
def test_attributes_that_are_no_object_are_rescued_as_a_whole(tmp_path: Path, value: Any) -> None:
    row = row_of(tmp_path, value)
    assert same(rescued(row)["attributes"], value)


@NO_EXAMPLES_KEPT
@given(moment=st.datetimes(), offset=OFFSETS)
def test_times_of_any_offset_are_the_same_instant(
    tmp_path: Path, moment: datetime, offset: timezone
) -> None:
    text = moment.replace(tzinfo=offset).isoformat()
    row = row_of(tmp_path, {"moment": text})
    if row["moment"] is None:  # an instant before year 1 or after 9999, seen from UTC
        assert rescued(row) == {"moment": text}
        assert moment.year in (1, 9999)
    else:
        assert row["moment"] == moment.replace(tzinfo=offset)
        assert row["_rescued"] is None


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("text", 5, "5"),
        ("text", {"a": 1}, '{"a":1}'),
        ("text", "", ""),
        ("text", "a\0b", "a\0b"),
        ("text", "🦊 naïve — ", "🦊 naïve — "),
        ("whole", "7", 7),
        ("whole", 1.0, 1),
        ("number", "1.5", 1.5),
        ("number", 0.1, 0.1),
        ("flag", "false", False),
        ("moment", "2026-01-01T00:00:00-07:00", datetime(2026, 1, 1, 7, tzinfo=UTC)),
        ("moment", "2026-01-01 00:00:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("moment", "2026-06-01T12:00:00.5+0530", datetime(2026, 6, 1, 6, 30, 0, 500_000, UTC)),
        ("day", "2026-01-01", date(2026, 1, 1)),
        ("day", "2026-01-01T00:00:00Z", date(2026, 1, 1)),
        ("tree", "null", '"null"'),
        ("tree", {"a": None, "b": [1, "😀\0"]}, '{"a":null,"b":[1,"😀\\u0000"]}'),
    ],
)
def test_what_fits_is_in_its_column(tmp_path: Path, name: str, value: Any, kept: Any) -> None:
    row = row_of(tmp_path, json.dumps({name: value}, ensure_ascii=False).encode())
    if name == "tree":
        assert json.loads(row[name]) == json.loads(kept)
    else:
        assert row[name] == kept
    assert row["_rescued"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("whole", b"3.7"),
        ("whole", b"9223372036854775808"),
        ("whole", b"true"),
        ("whole", b'"many"'),
        ("number", b"1e400"),
        ("number", b'"NaN"'),
        ("flag", b"1"),
        ("flag", b'"yes"'),
        ("moment", b'"12026-01-01T00:00:00Z"'),
        ("moment", b'"9999-12-31T23:59:59-01:00"'),
        ("moment", b'"0001-01-01T00:00:00+05:00"'),
        ("moment", b'"infinity"'),
        ("moment", b"1700000000"),
        ("moment", b'"2016-12-31T23:59:60Z"'),
        ("day", b'"2026-01-01T05:00:00Z"'),
        ("day", b'"tomorrow"'),
        ("day", b"20260101"),
        ("day", b"[1]"),
    ],
)
def test_what_does_not_fit_is_null_and_rescued(tmp_path: Path, name: str, value: bytes) -> None:
    row = row_of(tmp_path, b'{"text":"beside","%s":%s}' % (name.encode(), value))
    assert row[name] is None
    assert row["text"] == "beside"
    assert rescued(row) == {name: value.decode().strip('"')}


def test_nulls_and_missing_attributes_are_nulls(tmp_path: Path) -> None:
    nulls = dict.fromkeys(THINGS.columns)
    records = [{"id": "a", "attributes": nulls}, {"id": "b", "attributes": None}, {"id": "c"}]
    rows = rows_of(tmp_path, records)
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    for row in rows:
        assert [row[name] for name in (*THINGS.columns, "_rescued")] == [None] * 8


def test_attributes_nobody_declared_become_json_columns(tmp_path: Path) -> None:
    row = row_of(tmp_path, {"plain": 1, "od\"d 'na/m~e.": {"a": [1]}, "$": 2, "[0]": 3})
    assert list(row)[8:-2] == ["$", "[0]", "od\"d 'na/m~e.", "plain"]
    assert json.loads(row["od\"d 'na/m~e."]) == {"a": [1]}
    assert (row["plain"], row["$"], row["[0]"]) == ("1", "2", "3")
    assert row["_rescued"] is None


@pytest.mark.parametrize("name", ["", "a\0b", "a\nb", "x" * 200, "TEXT", "ID", "_synced_at"])
def test_names_that_can_be_no_column_are_rescued(tmp_path: Path, name: str) -> None:
    row = row_of(tmp_path, {name: {"deep": None}, "text": "beside"})
    assert rescued(row) == {name: {"deep": None}}
    assert row["text"] == "beside"


def test_names_that_differ_by_case_alone_share_no_value(tmp_path: Path) -> None:
    row = row_of(tmp_path, {"Color": "red", "color": "blue", "COLOR": "green"})
    kept = {name: json.loads(row[name]) for name in row if name.lower() == "color"}
    assert kept | rescued(row) == {"Color": "red", "color": "blue", "COLOR": "green"}


def test_keys_that_are_data_never_make_a_table_of_a_thousand_columns(tmp_path: Path) -> None:
    attributes = {f"key {i}": i for i in range(1000)}
    row = row_of(tmp_path, attributes)
    columns = {name: json.loads(row[name]) for name in row if name.startswith("key ")}
    assert len(columns) == MOST_NEW_COLUMNS
    assert columns | rescued(row) == attributes


def test_columns_from_earlier_reads_keep_their_names_and_types(tmp_path: Path) -> None:
    known = {"former": "BIGINT", "Extra": "JSON", "password": "VARCHAR"}
    row = row_of(tmp_path, {"former": 5, "extra": 1, "Extra": 2}, known=known)
    assert (row["former"], row["Extra"]) == (5, "2")
    assert rescued(row) == {"extra": 1}
    assert "password" not in row


def test_secrets_get_no_column_and_are_not_rescued(tmp_path: Path) -> None:
    row = row_of(tmp_path, {"password": "hunter2", "": "makes the record odd"})
    assert "hunter2" not in str(row)


def test_a_member_given_twice_counts_once(tmp_path: Path) -> None:
    row = row_of(tmp_path, b'{"text":"first","text":"last","new":1,"new":2}')
    assert (row["text"], row["new"]) == ("last", "2")


def test_names_spelled_with_escapes_are_the_same_names(tmp_path: Path) -> None:
    row = row_of(tmp_path, b'{"\\u0074ext":"a","n\\u0065w":1}')
    assert (row["text"], row["new"]) == ("a", "1")


def test_text_of_five_megabytes_is_kept_to_the_last_letter(tmp_path: Path) -> None:
    long = "x" * 5_000_000 + "."
    row = row_of(tmp_path, {"text": long, "tree": [long]})
    assert row["text"] == long
    assert json.loads(row["tree"]) == [long]


def test_text_of_five_megabytes_in_an_odd_record_is_kept_too(tmp_path: Path) -> None:
    long = "x" * 5_000_000 + "."
    row = row_of(tmp_path, {"": long, "text": long})
    assert row["text"] == long
    assert rescued(row) == {"": long}


def test_relationships_are_kept_as_they_are(tmp_path: Path) -> None:
    relationships = {"services": {"data": [{"id": "1", "type": "services"}]}}
    (row,) = rows_of(tmp_path, [{"id": "1", "attributes": {}, "relationships": relationships}])
    assert json.loads(row["relationships"]) == relationships


def test_a_list_of_no_declared_attributes_loses_nothing(tmp_path: Path) -> None:
    bare = Endpoint(
        table="bare",
        path="/v1/bare",
        domain="organization",
        type="",
        strategy=Strategy.WHOLE,
        pages=Pages(style=PageStyle.NONE),
    )
    (row,) = rows_of(tmp_path, [{"id": "1", "attributes": [1, 2]}], endpoint=bare)
    assert rescued(row) == {"attributes": [1, 2]}
    (row,) = rows_of(tmp_path, [{"id": "1", "attributes": {"a": 1}}], endpoint=bare)
    assert row["a"] == "1"


def test_records_without_an_id_are_known_by_their_content(tmp_path: Path) -> None:
    records = [{"attributes": {"text": "a"}}, {"id": None, "attributes": {"text": "b"}}]
    first, again = rows_of(tmp_path, records), rows_of(tmp_path, records)
    assert [row["text"] for row in first] == ["a", "b"]
    assert len({row["id"] for row in first} - {None}) == 2
    assert [row["id"] for row in first] == [row["id"] for row in again]


def test_what_is_no_record_at_all_is_rescued(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, [b"[1]", b'"text"', b'{"id":"1","attributes":{"text":"a"}}'])
    assert sorted(str(rescued(row).get("record")) for row in rows) == ["None", "[1]", "text"]
    assert None not in {row["id"] for row in rows}
