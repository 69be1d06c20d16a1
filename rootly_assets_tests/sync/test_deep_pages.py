"""A workspace of which Rootly refuses deep pages is read all the same, or a list says why it can't be."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.project import following
from rootly_assets_tests.sync.sequences_truth import records_of

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
# Sorted by time of creation; without an order; the same, nested.
READABLE = [endpoint_of(table) for table in ("audits", "pulses", "workflow_runs")]
PARENTS = [endpoint_of("workflows"), endpoint_of("webhook_endpoints")]
WITHOUT_TIMES = endpoint_of("webhook_deliveries")
PAGE, DEEPEST = 5, 3


@pytest.mark.slow
def test_lists_longer_than_rootly_counts_pages_are_read_completely(tmp_path: Path) -> None:
    workspace = Workspace.build(incidents=200, now=NOW)
    endpoints = [*READABLE, PARENTS[0]]
    with (
        serve(workspace, requests_per_minute=60_000, deep_page_limit=DEEPEST) as server,
        following(server, tmp_path, endpoints, page_size=PAGE) as project,
    ):
        outcomes = project.sync(endpoints)
        for each in READABLE:
            rows = records_of(workspace, each)
            asked = [one.query for one in server.requests if one.path.endswith(each.table)]
            assert any("created_at" in query for query in asked), f"{each.table} is long enough"
            assert outcomes[each.table].status is Status.LOADED, outcomes[each.table].error
            assert project.ids(each.table) == {row.id for row in rows}


def test_of_a_parent_with_more_than_can_be_read_the_rest_is_missed_aloud(tmp_path: Path) -> None:
    workspace = Workspace.build(incidents=200, now=NOW)
    endpoints = [PARENTS[1], WITHOUT_TIMES]
    short, *_ = parents = [each.id for each in workspace.records(PARENTS[1].type)]
    for each in workspace.nested(WITHOUT_TIMES.type, "endpoint_id", short)[3:]:
        workspace.delete(each.type, each.id)
    of_parent = {
        each: workspace.nested(WITHOUT_TIMES.type, "endpoint_id", each) for each in parents
    }
    most = PAGE * DEEPEST
    assert any(len(rows) > most for rows in of_parent.values())
    with (
        serve(workspace, requests_per_minute=60_000, deep_page_limit=DEEPEST) as server,
        following(server, tmp_path, endpoints, page_size=PAGE) as project,
    ):
        outcome = project.sync(endpoints)[WITHOUT_TIMES.table]
        assert outcome.status is Status.LOADED, outcome.error
        assert outcome.doubt is not None
        assert "/deliveries is too long to be read to its end" in outcome.doubt
        assert "no filter by time of creation" in outcome.doubt
        stored = project.rows(WITHOUT_TIMES.table, "id, endpoint_id")
        for parent, rows in of_parent.items():
            found = {row for row, of in stored if of == parent}
            ids = {row.id for row in rows}
            assert found <= ids
            assert len(found) == min(len(ids), most)

        gone = of_parent[short][0]
        workspace.delete(gone.type, gone.id)
        seen = project.ids(WITHOUT_TIMES.table)
        again = project.sync(endpoints)[WITHOUT_TIMES.table]
        assert again.reading is not None
        assert "vanished" not in again.reading.why
        assert seen - project.ids(WITHOUT_TIMES.table) == {gone.id}


def test_a_list_of_its_own_that_ends_out_of_reach_fails_with_the_reason(tmp_path: Path) -> None:
    workspace = Workspace.build(incidents=200, now=NOW)
    services = endpoint_of("services")
    with (
        serve(workspace, requests_per_minute=60_000, deep_page_limit=DEEPEST) as server,
        following(server, tmp_path, [services], page_size=PAGE) as project,
    ):
        bare = msgspec.structs.replace(services, sort=None, time_filters=())
        outcome = project.sync([bare])["services"]
        assert outcome.status is Status.FAILED
        assert "/v1/services is too long to be read to its end" in str(outcome.error)
        assert not project.ids("services")
