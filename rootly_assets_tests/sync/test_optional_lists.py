"""Deprecated lists, and those of single events of incidents, are read like any other once asked for."""

from datetime import UTC, datetime
from pathlib import Path

from rootly_assets.catalogue import readable, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.project import following
from rootly_assets_tests.sync.sequences_truth import true_rows

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
OPTIONAL = frozenset(each.table for each in readable() if each.optional)
PARENTS = {"incidents", "incident_events", "workflows", "catalogs", "catalog_entities"}
LISTS = [each for each in wired(OPTIONAL) if each.table in OPTIONAL | PARENTS]


def test_each_is_as_the_server_has_it(tmp_path: Path) -> None:
    workspace = Workspace.build(incidents=24, now=NOW)
    with (
        serve(workspace, requests_per_minute=60_000) as server,
        following(server, tmp_path, LISTS) as project,
    ):
        outcomes = project.sync(LISTS)
        assert {each.status for each in outcomes.values()} == {Status.LOADED}
        for endpoint in LISTS:
            truth = true_rows(workspace, endpoint)
            assert truth, f"{endpoint.table}: the sandbox has rows of it"
            assert project.ids(endpoint.table) == truth.keys(), endpoint.table
        events = len(project.ids("incident_events"))
        assert project.requests_below("/v1/events/") == 2 * events, "one for each event and list"
        path = "/custom_field_selections"
        asked = [each.path for each in server.requests if each.path.endswith(path)]
        assert not [each for each in asked if each.startswith("/v1/incidents/")], "they come along"
        project.sync(LISTS)
        assert project.requests_below("/v1/events/") == 0, "no event changed"
