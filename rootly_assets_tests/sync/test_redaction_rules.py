"""A table remembers the rules by which its rows were redacted, until every one has been read under others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

from rootly_assets.api import ClientSettings, RootlyClient
from rootly_assets.api.personal_data import PersonalData
from rootly_assets.api.redaction_rules import redaction_rules
from rootly_assets.catalogue import endpoint_of, sensitive
from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.sync.middleware import Failing
from rootly_assets_tests.sync.project import Project, following

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
USUAL = ClientSettings(token="a-token")
TABLES = ("incidents", "incident_events", "action_items", "alert_events", "shifts", "severities")
LISTS = [endpoint_of(table) for table in TABLES]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    workspace = Workspace.build(incidents=60, now=NOW, history=timedelta(days=150))
    with (
        serve(workspace, requests_per_minute=60_000) as server,
        following(server, tmp_path, LISTS, page_size=10) as project,
    ):
        project.sync(LISTS, rows_at_once=20)
        assert {*rules(project).values()} == {project.client.redaction}
        workspace.advance(timedelta(hours=1))
        yield project


def rules(project: Project) -> dict[str, str | None]:
    return {table: state.redaction for table, state in project.warehouse.states().items()}


def hide_more(project: Project) -> None:
    settings = msgspec.structs.replace(project.client.settings, secret_keys=frozenset({"summary"}))
    project.client = RootlyClient(settings)


def test_rules_have_one_name_as_long_as_they_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(**changes: object) -> str:
        return redaction_rules(msgspec.structs.replace(USUAL, **changes))

    names = [
        named(),
        named(secret_keys=frozenset({"api_key"})),
        named(personal_data=PersonalData.parse("drop")),
        named(personal_data=PersonalData.parse("hash"), salt="a"),
        named(personal_data=PersonalData.parse("hash"), salt="b"),
    ]
    monkeypatch.setattr(sensitive, "SECRET_KEYS", sensitive.SECRET_KEYS | {"another"})
    names.append(named())
    assert len({*names}) == len(names)
    monkeypatch.undo()
    assert named(token="another", page_size=7, salt="without hashes") == names[0]


def test_rows_that_were_read_under_other_rules_keep_their_name(project: Project) -> None:
    old = project.client.redaction
    hide_more(project)
    project.sync(LISTS, rows_at_once=20)
    new = project.client.redaction
    # What is read whole each time is read under the rules of now.
    assert rules(project) == {table: new if table == "severities" else old for table in TABLES}
    project.sync(LISTS, rows_at_once=20, since=NOW - timedelta(days=2000))
    assert rules(project)["incidents"] == old


def test_a_full_refresh_in_windows_or_not_brings_all_rows_under_the_rules_of_now(
    project: Project,
) -> None:
    before = project.rows("action_items", "summary")
    assert any(row[0] for row in before)
    hide_more(project)
    project.sync(LISTS, rows_at_once=20, full_refresh=True)
    assert {*rules(project).values()} == {project.client.redaction}
    assert not any(row[0] for row in project.rows("action_items", "summary"))


def test_of_a_state_that_an_older_version_wrote_the_rules_are_not_known(project: Project) -> None:
    with project.warehouse.get_connection() as connection:
        connection.execute("ALTER TABLE _rootly_sync DROP COLUMN redaction")
    project.warehouse.prepare(LISTS)
    assert {*rules(project).values()} == {None}
    project.sync(LISTS)
    assert rules(project)["incidents"] is None
    assert rules(project)["severities"] == project.client.redaction


def test_a_full_refresh_to_which_a_parent_refuses_its_children_does_not_bring_all_of_them(
    tmp_path: Path,
) -> None:
    lists = [endpoint_of(each) for each in ("incidents", "incident_form_field_selections")]
    failing = Failing()
    workspace = Workspace.build(incidents=30, now=NOW, history=timedelta(days=60))
    middleware = [Middleware(Failing.Before, failing=failing)]
    with (
        serve(workspace, requests_per_minute=60_000, middleware=middleware) as server,
        following(server, tmp_path, lists) as project,
    ):
        project.sync(lists)
        old = project.client.redaction
        hide_more(project)
        parent = project.rows("incident_form_field_selections", "incident_id")[0][0]
        path = f"/v1/incidents/{parent}/form_field_selections"
        failing.paths[path] = JSONResponse({"error": "no"}, status_code=403)
        project.sync(lists, full_refresh=True)
        assert rules(project)["incidents"] == project.client.redaction
        assert rules(project)["incident_form_field_selections"] == old
        failing.paths.clear()
        project.sync(lists, full_refresh=True)
        assert {*rules(project).values()} == {project.client.redaction}
