"""What is read of a list this time: the least that brings its table up to date."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootly_assets.catalogue import endpoint_of
from rootly_assets.sync.planning.below_parents import reads_all_parents
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.planning.plan import Plan
from rootly_assets.sync.planning.shifts import LONGEST_WINDOW
from rootly_assets.sync.planning.strategies import plan
from rootly_assets.sync.state import TableState

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
MOMENTS = st.datetimes(
    min_value=datetime(2019, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2029, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5.5))]),
)


def planned(
    table: str,
    watermark: datetime | None = None,
    cursor: str | None = None,
    options: SyncOptions | None = None,
    now: datetime = NOW,
    synced_at: datetime | None = None,
) -> Plan:
    state = TableState(
        table_name=table, watermark=watermark, synced_at=synced_at or watermark, cursor=cursor
    )
    return plan(endpoint_of(table), state, options or SyncOptions(), now)


@pytest.mark.parametrize("table", ["services", "incidents", "alert_events", "audits"])
def test_the_first_read_takes_the_whole_list(table: str) -> None:
    found = planned(table)
    assert [(dict(each.params), each.after) for each in found.reads] == [({}, None)]
    assert found.sees_all
    assert found.moves_watermark


@pytest.mark.parametrize("table", ["services", "incidents", "alert_events", "audits"])
def test_a_full_refresh_reads_the_whole_list_whatever_is_there(table: str) -> None:
    found = planned(table, HOUR_AGO, "cursor", SyncOptions(full_refresh=True))
    assert [(dict(each.params), each.after) for each in found.reads] == [({}, None)]
    assert found.sees_all
    assert found.moves_watermark


def test_small_lists_are_read_whole_every_time() -> None:
    assert planned("services", HOUR_AGO).sees_all


def test_incidents_are_read_from_a_little_before_the_watermark() -> None:
    found = planned("incidents", HOUR_AGO, options=SyncOptions(overlap=timedelta(minutes=5)))
    (read,) = found.reads
    assert read.params == {"filter[updated_at][gte]": "2026-03-01T11:25:15.123456Z"}
    assert not found.sees_all
    assert found.moves_watermark


def test_append_only_lists_look_back_further_for_late_entries() -> None:
    (read,) = planned("audits", HOUR_AGO, options=SyncOptions(lookback=timedelta(days=2))).reads
    assert read.params == {"filter[created_at][gte]": "2026-02-27T11:30:15.123456Z"}


def test_a_feed_goes_on_from_its_cursor() -> None:
    found = planned("alert_events", HOUR_AGO, "abc")
    assert (dict(found.reads[0].params), found.reads[0].after) == ({}, "abc")
    assert not found.sees_all


def test_events_that_sort_before_the_cursor_because_they_came_late_are_read_too() -> None:
    _, late = planned("alert_events", HOUR_AGO, "abc").reads
    assert late.after is None
    assert list(late.params) == ["filter[created_at][gte]"]


def test_a_feed_whose_cursor_was_lost_goes_on_from_its_time() -> None:
    (read,) = planned("alert_events", HOUR_AGO).reads
    assert read.after is None
    assert list(read.params) == ["filter[created_at][gte]"]


@pytest.mark.parametrize("table", ["incidents", "alert_events", "audits"])
def test_a_watermark_in_the_future_is_not_believed(table: str) -> None:
    found = planned(table, NOW + timedelta(days=400), "abc")
    assert found.sees_all
    assert "future" in found.why
    assert [(dict(each.params), each.after) for each in found.reads] == [({}, None)]


@pytest.mark.parametrize("table", ["incidents", "alert_events", "audits"])
def test_a_watermark_of_another_of_the_servers_clocks_is_believed(table: str) -> None:
    found = planned(table, NOW + timedelta(seconds=45))
    assert not found.sees_all
    (read,) = found.reads
    asked = datetime.fromisoformat(read.params[next(iter(read.params))])
    assert asked <= NOW - timedelta(minutes=9)


@pytest.mark.parametrize("table", ["incidents", "alert_events", "audits"])
@given(since=st.none() | MOMENTS, until=st.none() | MOMENTS)
def test_a_span_asked_for_is_read_and_never_moves_the_watermark(
    table: str, since: datetime | None, until: datetime | None
) -> None:
    if since is None and until is None:
        return
    found = planned(table, HOUR_AGO, "abc", SyncOptions(since=since, until=until))
    (read,) = found.reads
    asked = {key.rsplit("[", 1)[1]: datetime.fromisoformat(v) for key, v in read.params.items()}
    assert asked.get("gte]") == since
    assert asked.get("lte]") == until
    assert read.after is None
    assert not found.moves_watermark
    assert not found.sees_all


def test_a_span_of_shifts_that_is_asked_for_is_read_and_keeps_the_watermark() -> None:
    since, until = NOW - timedelta(days=3), NOW
    found = planned("shifts", HOUR_AGO, options=SyncOptions(since=since, until=until))
    assert found.window is not None
    assert (found.window.start, found.window.end) == (
        since.replace(microsecond=0),
        until.replace(microsecond=0),
    )
    assert not found.moves_watermark


@pytest.mark.parametrize("watermark", [None, HOUR_AGO])
@pytest.mark.parametrize("until", [NOW - timedelta(days=60), NOW - timedelta(days=3000), NOW])
def test_shifts_up_to_a_time_are_read_as_far_back_as_the_first_time(
    watermark: datetime | None, until: datetime
) -> None:
    options = SyncOptions(until=until)
    found = planned("shifts", watermark, options=options)
    assert found.window is not None
    assert found.window.start == (until - options.history).replace(microsecond=0)
    assert found.window.end == until.replace(microsecond=0)
    assert found.reads


def test_shifts_from_a_time_to_come_are_read() -> None:
    since = NOW + timedelta(days=200)
    assert planned("shifts", HOUR_AGO, options=SyncOptions(since=since)).reads


def test_the_first_read_of_shifts_goes_back_as_far_as_history_is_wanted() -> None:
    found = planned("shifts", options=SyncOptions(history=timedelta(days=200)))
    assert found.window is not None
    assert found.window.start == (NOW - timedelta(days=200)).replace(microsecond=0)
    assert found.moves_watermark


@given(
    watermark=st.none() | MOMENTS,
    now=MOMENTS,
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
    full_refresh=st.booleans(),
)
def test_windows_of_shifts_join_without_a_gap_and_are_never_longer_than_the_api_allows(
    watermark: datetime | None,
    now: datetime,
    since: datetime | None,
    until: datetime | None,
    full_refresh: bool,
) -> None:
    options = SyncOptions(since=since, until=until, full_refresh=full_refresh)
    found = planned("shifts", watermark, options=options, now=now)
    assert found.window is not None
    assert not found.sees_all
    spans = [
        (datetime.fromisoformat(each.params["from"]), datetime.fromisoformat(each.params["to"]))
        for each in found.reads
    ]
    if found.window.start >= found.window.end:
        assert not spans
        return
    assert spans[0][0] == found.window.start
    assert spans[-1][1] == found.window.end
    assert all(left < right <= left + LONGEST_WINDOW for left, right in spans)
    assert all(before[1] == after[0] for before, after in pairwise(spans))


@given(pause=st.timedeltas(timedelta(0), timedelta(days=1500)))
def test_after_a_long_pause_shifts_are_read_from_where_they_were_left(pause: timedelta) -> None:
    options = SyncOptions()
    found = planned("shifts", NOW - pause, options=options)
    assert found.window is not None
    assert found.window.start <= NOW - pause - options.trailing
    assert found.window.end >= (NOW + options.leading).replace(microsecond=0)


def test_a_watermark_that_somebody_edited_is_repaired_by_reading_everything() -> None:
    found = planned(
        "incidents", watermark=NOW - timedelta(hours=1), synced_at=NOW - timedelta(days=9)
    )
    assert found.sees_all
    assert "not set by us" in found.why


@pytest.mark.parametrize(
    ("watermark", "synced_at"),
    [
        (NOW - timedelta(days=1), NOW - timedelta(days=200)),
        (NOW + timedelta(days=30), NOW + timedelta(days=30)),
    ],
    ids=["edited", "in the future"],
)
def test_lists_of_windows_and_nested_ones_don_t_believe_every_watermark_either(
    watermark: datetime, synced_at: datetime
) -> None:
    options = SyncOptions()
    shifts = planned("shifts", watermark, synced_at=synced_at)
    assert shifts.window is not None
    assert shifts.window.start == (NOW - options.history).replace(microsecond=0)
    for table in ("workflow_runs", "workflow_tasks"):
        state = TableState(
            table_name=table, watermark=watermark, synced_at=synced_at, loaded_at=HOUR_AGO
        )
        assert reads_all_parents(endpoint_of(table), state, options, NOW)
        found = plan(endpoint_of(table), state, options, NOW, Parents(present=("a", "b")))
        assert found.sees_all, table
        assert [(each.parent, dict(each.params)) for each in found.reads] == [("a", {}), ("b", {})]


@pytest.mark.parametrize(
    ("with_children", "with_links", "back"),
    [(True, True, timedelta(days=1)), (False, True, timedelta(hours=1))],
)
def test_records_whose_children_or_links_may_change_silently_are_looked_back_at_further(
    with_children: bool, with_links: bool, back: timedelta
) -> None:
    watermark = NOW - timedelta(hours=1)
    state = TableState(table_name="incidents", watermark=watermark, synced_at=watermark)
    found = plan(
        endpoint_of("incidents"),
        state,
        SyncOptions(),
        NOW,
        with_children=with_children,
        with_links=with_links,
    )
    since = datetime.fromisoformat(found.reads[0].params["filter[updated_at][gte]"])
    assert since == watermark - back
