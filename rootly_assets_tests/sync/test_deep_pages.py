"""A workspace of which Rootly refuses deep pages is read all the same, or a list says why it can't be."""

from datetime import UTC, datetime
from pathlib import Path

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


def test_lists_longer_than_rootly_counts_pages_are_read_completely(tmp_path: Path) -> None:
    workspace = Workspace.build(incidents=200, now=NOW)
    endpoints = [*READABLE, *PARENTS, WITHOUT_TIMES]
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
        deliveries = outcomes[WITHOUT_TIMES.table]
        assert deliveries.status is Status.FAILED
        assert "/deliveries is too long to be read to its end" in str(deliveries.error)
        assert "no filter by time of creation" in str(deliveries.error)
