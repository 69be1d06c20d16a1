"""A table that an older release made keeps its values when the catalogue has moved on."""

from datetime import UTC, datetime

import msgspec
import pytest

from rootly_assets.catalogue import ColumnType
from rootly_assets_tests.warehouse.table import THINGS, Table, thing, with_columns


def test_a_column_that_was_unknown_gets_its_type_and_keeps_its_values(things: Table) -> None:
    things.load([thing("1", seen_at="2026-01-01T00:00:00Z", rank=5), thing("2", seen_at=None)])
    assert things.types()["seen_at"] == "JSON"
    columns = {**THINGS.columns, "seen_at": ColumnType.TIMESTAMP, "rank": ColumnType.INTEGER}
    things.becomes(with_columns(**columns))
    assert things.types()["seen_at"] == "TIMESTAMP WITH TIME ZONE"
    assert things.rows()["1"]["seen_at"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert things.rows()["1"]["rank"] == 5
    assert things.rows()["2"]["seen_at"] is None
    loaded = things.load([thing("1", seen_at="2026-01-01T00:00:00Z", rank=5), thing("2")])
    assert (loaded.changed, loaded.undeclared) == (0, ())


def test_the_state_that_an_older_release_wrote_is_read_and_kept_on(things: Table) -> None:
    things.load([thing("1")])
    things.ages()
    assert things.state().watermark == things.now
    assert things.state().unread is None
    batch = things.batch([thing("1")])
    state = msgspec.structs.replace(batch.state, unread="1 2")
    things.warehouse.load(msgspec.structs.replace(batch, state=state))
    assert things.state().unread_parents == ("1", "2")


def test_what_does_not_fit_the_new_type_is_rescued(things: Table) -> None:
    things.load([thing("1", rank="high", size="big"), thing("2", rank=2.5)])
    things.becomes(with_columns(**THINGS.columns, rank=ColumnType.INTEGER))
    rows = things.rows()
    assert rows["1"]["rank"] is rows["2"]["rank"] is None
    assert msgspec.json.decode(rows["1"]["_rescued"]) == {"size": "big", "rank": "high"}
    assert msgspec.json.decode(rows["2"]["_rescued"]) == {"rank": "2.5"}


def test_a_new_attribute_is_a_new_column(things: Table) -> None:
    things.load([thing("1", name="a")])
    things.becomes(with_columns(**THINGS.columns, color=ColumnType.TEXT))
    assert things.types()["color"] == "VARCHAR"
    loaded = things.load([thing("1", name="a", color="red")])
    assert (loaded.new, loaded.changed, loaded.undeclared) == (0, 1, ())
    assert things.rows()["1"]["color"] == "red"


@pytest.mark.parametrize(
    ("after", "value", "kept"),
    [
        (ColumnType.NUMBER, 5, 5.0),
        (ColumnType.TEXT, 5, "5"),
        (ColumnType.JSON, 5, "5"),
    ],
)
def test_a_whole_number_that_becomes_something_else_keeps_its_value(
    things: Table, after: ColumnType, value: int, kept: object
) -> None:
    things.load([thing("1", size=value)])
    things.becomes(with_columns(**{**THINGS.columns, "size": after}))
    assert things.rows()["1"]["size"] == kept
    assert things.load([thing("1", size=value)]).changed == 0
    assert things.load([thing("1", size=2.5)]).rescued == 0


def test_an_attribute_that_the_document_dropped_keeps_its_column_and_type(things: Table) -> None:
    things.load([thing("1", name="a", size=5)])
    things.becomes(
        with_columns(**{name: kind for name, kind in THINGS.columns.items() if name != "size"})
    )
    loaded = things.load([thing("1", name="a", size=5), thing("2", size=6)])
    assert (loaded.new, loaded.changed) == (1, 0)
    assert things.types()["size"] == "BIGINT"
    assert {row["size"] for row in things.rows().values()} == {5, 6}


def test_a_column_that_turns_out_to_be_a_credential_is_removed(things: Table) -> None:
    things.load([thing("1", name="a", api_key="hunter2")])
    things.becomes(msgspec.structs.replace(THINGS, secrets=("api_key",)))
    assert "api_key" not in things.types()
    assert things.rows()["1"]["name"] == "a"
    assert things.load([thing("1", name="a", api_key="hunter2")]).changed == 0
    assert "hunter2" not in str(things.rows())


def test_preparing_again_changes_nothing(things: Table) -> None:
    things.load([thing("1", name="a", surprise=1)])
    before = (things.types(), things.rows(), things.state())
    things.becomes(THINGS)
    assert (things.types(), things.rows(), things.state()) == before
