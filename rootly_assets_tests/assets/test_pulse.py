"""The pulse: one request a list while Rootly is quiet, one run for a change, a sentence for everything else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import dagster as dg
import pytest

from rootly_assets.api import RootlyError, RootlyResource
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Record, Workspace, serve
from rootly_assets.sensors.changes import look_at
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets_tests.assets.followed import NOW, Project


@pytest.fixture
def project(
    tmp_path: Path,
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Project]:
    monkeypatch.setenv("ROOTLY_API_TOKEN", "any")  # Dagster looks for it before it makes a run
    monkeypatch.setenv("ROOTLY_PULSE_GAP", "0")  # It has tests of its own.
    with serve(Workspace.build(incidents=30, now=NOW), requests_per_minute=30_000) as server:
        yield Project(server, tmp_path, definitions, instance)


@pytest.fixture
def followed(project: Project) -> Project:
    """A project that has read everything, and has looked once."""
    project.sync()
    assert reason(project.tick())
    return project


def reason(result: dg.SensorResult) -> str:
    """Why no run was started."""
    assert not result.run_requests
    assert isinstance(result.skip_reason, dg.SkipReason)
    return str(result.skip_reason.skip_message)


def request_of(result: dg.SensorResult) -> dg.RunRequest:
    """The one run that was asked for."""
    (request,) = result.run_requests or []
    return request


def selected(request: dg.RunRequest) -> set[str]:
    return {key.to_user_string() for key in request.asset_selection or []}


def test_a_quiet_workspace_costs_one_request_a_list_and_starts_nothing(followed: Project) -> None:
    for _ in range(3):
        said = reason(followed.tick())
        assert followed.asked == ["/v1/incidents", "/v1/alerts"]
        assert "No incidents changed since they were read at 2026-07-15 12:00:01 UTC" in said
        assert "No alerts changed" in said


def test_a_quiet_tick_leaves_the_duckdb_file_to_others(
    followed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(_: DuckDBWarehouse) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(DuckDBWarehouse, "_connect", opened)
    assert "No incidents changed" in reason(followed.tick())


@pytest.mark.exhaustive
def test_it_asks_for_one_record_and_nothing_that_the_list_does_not_know(followed: Project) -> None:
    followed.tick()
    incidents, alerts = [parse_qs(request.query) for request in followed.server.requests]
    since = ["2026-07-15T12:00:01Z"]
    assert incidents == {
        "page[size]": ["1"],
        "sort": ["-updated_at"],
        "filter[updated_at][gte]": since,
    }
    assert alerts == {"page[size]": ["1"], "filter[updated_at][gte]": since}


@pytest.mark.parametrize("kind", ["incidents", "alerts"])
def test_a_change_is_one_run_of_its_domain_and_the_models_downstream(
    followed: Project, kind: str
) -> None:
    followed.change(kind)
    request = request_of(followed.tick())
    assert request.run_key
    keys = selected(request)
    other = {"incidents": "alerts", "alerts": "incidents"}[kind]
    assert f"rootly/{kind}" in keys
    assert f"rootly/{other}" not in keys
    assert ("marts/fct_incidents" in keys) == (kind == "incidents")
    assert not any(key.startswith("rootly/services") for key in keys)


@pytest.mark.parametrize("kind", ["incidents", "alerts"])
def test_the_same_change_is_not_run_for_twice(followed: Project, kind: str) -> None:
    followed.change(kind)
    request_of(followed.tick())
    said = reason(followed.tick())
    assert f"1 of the {kind} changed" in said
    assert "a run was started" in said


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", ["incidents", "alerts"])
def test_a_change_that_was_read_is_over_and_the_next_one_is_new(
    followed: Project, kind: str
) -> None:
    followed.change(kind)
    first = request_of(followed.tick())
    followed.sync()
    assert f"No {kind} changed" in reason(followed.tick())
    followed.change(kind)  # the very same record
    second = request_of(followed.tick())
    assert first.run_key != second.run_key


@pytest.mark.exhaustive
def test_the_reason_says_when_the_last_change_was(followed: Project) -> None:
    followed.change("incidents")
    changed_at = followed.workspace.now
    followed.tick()
    followed.sync()
    assert f"the last change was at {changed_at:%Y-%m-%d %H:%M:%S} UTC" in reason(followed.tick())


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", ["incidents", "alerts"])
def test_two_records_changed_in_the_same_second_are_two_changes(
    followed: Project, kind: str
) -> None:
    followed.change(kind)
    first = request_of(followed.tick())
    record = followed.workspace.records(kind)[1]
    followed.workspace.update(kind, record.id, summary="edited in the same second")
    assert request_of(followed.tick()).run_key != first.run_key


@pytest.mark.exhaustive
def test_an_incident_that_changes_again_before_it_was_read_is_a_new_change(
    followed: Project,
) -> None:
    followed.change("incidents")
    request_of(followed.tick())
    followed.change("incidents")
    assert request_of(followed.tick())


def test_changes_of_both_lists_are_one_run(followed: Project) -> None:
    followed.change("incidents")
    followed.change("alerts")
    keys = selected(request_of(followed.tick()))
    assert {"rootly/incidents", "rootly/alerts", "marts/fct_incidents"} <= keys


@pytest.mark.exhaustive
def test_what_another_run_has_read_meanwhile_starts_nothing(followed: Project) -> None:
    followed.change("incidents")
    followed.sync()  # the hourly schedule came first
    assert "No incidents changed" in reason(followed.tick())


@pytest.mark.exhaustive
def test_what_changed_before_the_first_look_is_seen(project: Project) -> None:
    project.sync()
    project.change("incidents")
    assert "rootly/incidents" in selected(request_of(project.tick()))


def test_a_new_incident_is_a_change(followed: Project) -> None:
    before = {record.id for record in followed.workspace.records("incidents")}
    while {record.id for record in followed.workspace.records("incidents")} <= before:
        followed.workspace.advance(timedelta(hours=6))
    assert "rootly/incidents" in selected(request_of(followed.tick()))


def start_run(project: Project, job: str) -> str:
    """A run that is going on, as the instance knows it."""
    definition = project.repository.get_job(job)
    run = project.instance.create_run_for_job(definition, status=dg.DagsterRunStatus.STARTED)
    return run.run_id


@pytest.mark.exhaustive
def test_none_is_started_while_one_that_reads_the_same_is_under_way(followed: Project) -> None:
    run_id = start_run(followed, "rootly_incidents_sync")
    followed.change("incidents")
    said = reason(followed.tick())
    assert f"Run {run_id[:8]} is reading the incidents" in said
    assert followed.asked == ["/v1/alerts"]
    run = followed.instance.get_run_by_id(run_id)
    assert run is not None
    followed.instance.report_run_canceled(run)
    assert request_of(followed.tick()), "the change is not forgotten"


@pytest.mark.exhaustive
def test_a_run_of_another_domain_holds_back_nothing(followed: Project) -> None:
    start_run(followed, "rootly_workflows_sync")
    followed.change("incidents")
    assert request_of(followed.tick())


@pytest.mark.exhaustive
def test_its_own_run_is_one_that_is_under_way(followed: Project) -> None:
    followed.change("incidents")
    request = request_of(followed.tick())
    job = followed.repository.get_implicit_asset_job_names()[0]
    followed.instance.create_run_for_job(
        followed.repository.get_job(job).get_subset(
            asset_selection=set(request.asset_selection or [])
        ),
        status=dg.DagsterRunStatus.STARTING,
        asset_selection=frozenset(request.asset_selection or []),
    )
    followed.change("incidents")
    followed.change("alerts")
    result = followed.tick()
    assert selected(request_of(result)) & {"rootly/incidents", "rootly/alerts"} == {"rootly/alerts"}


@pytest.fixture
def patient(followed: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that has just read a change, and whose next run may start after the usual five minutes."""
    monkeypatch.delenv("ROOTLY_PULSE_GAP")
    followed.change("incidents")
    request_of(followed.tick())
    followed.sync()
    return followed


def test_changes_soon_after_a_run_wait_for_one_run_of_all_of_them(patient: Project) -> None:
    asked_at = patient.workspace.now - timedelta(seconds=1)  # The sync took that long.
    until = asked_at + timedelta(minutes=5)
    for index in range(3):
        patient.change("incidents", index)
        said = reason(patient.tick())
        assert f"{index + 1} of the incidents changed since they were read at" in said
        assert f"for incidents is not started before {until:%Y-%m-%d %H:%M:%S} UTC" in said
    patient.workspace.advance(until - patient.workspace.now - timedelta(seconds=1))
    assert "is not started before" in reason(patient.tick())
    patient.workspace.advance(timedelta(seconds=1))
    assert "rootly/incidents" in selected(request_of(patient.tick()))
    patient.sync()
    assert "No incidents changed" in reason(patient.tick())


def test_the_other_list_does_not_wait_along(patient: Project) -> None:
    patient.change("incidents")
    patient.change("alerts")
    keys = selected(request_of(patient.tick()))
    assert keys & {"rootly/incidents", "rootly/alerts"} == {"rootly/alerts"}


def test_what_another_run_reads_meanwhile_waits_no_longer(patient: Project) -> None:
    patient.change("incidents")
    changed_at = patient.workspace.now
    assert "is not started before" in reason(patient.tick())
    patient.sync()  # the hourly schedule
    said = reason(patient.tick())
    assert "No incidents changed since" in said
    assert f"the last change was at {changed_at:%Y-%m-%d %H:%M:%S} UTC" in said


@pytest.mark.exhaustive
def test_a_change_after_a_run_that_failed_waits_and_is_not_lost(
    followed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROOTLY_PULSE_GAP")
    followed.change("incidents")
    first = request_of(followed.tick())
    followed.change("incidents")  # the same record, and nothing has been read
    for _ in range(2):
        assert "1 of the incidents changed" in reason(followed.tick())
    followed.workspace.advance(timedelta(minutes=5))
    assert request_of(followed.tick()).run_key != first.run_key


@pytest.mark.exhaustive
def test_a_clock_that_was_put_back_holds_up_nothing(patient: Project) -> None:
    assert patient.cursor
    asked_at = f"{patient.workspace.now - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}Z"
    assert asked_at in patient.cursor
    patient.cursor = patient.cursor.replace(asked_at, "2099-01-01T00:00:00Z")
    patient.change("incidents")
    assert request_of(patient.tick())


def test_a_table_that_was_never_read_is_said_and_nothing_is_asked(project: Project) -> None:
    said = reason(project.tick())
    assert "The incidents have never been read: run rootly_refresh once" in said
    assert project.asked == []
    assert not Path(project.warehouse.database).exists()


@pytest.mark.parametrize("kind", ["incidents", "alerts"])
def test_a_record_stamped_with_a_time_to_come_is_a_change_once_until_then(
    followed: Project, kind: str
) -> None:
    workspace = followed.workspace
    other = workspace.records(kind)[0]
    due = workspace.now + timedelta(hours=2)
    stamped = other.attributes | {"updated_at": workspace.timestamp(due)}
    workspace.add(Record(kind, workspace.new_id(), stamped))
    assert selected(request_of(followed.tick())) >= {f"rootly/{kind}"}
    for _ in range(3):
        followed.sync()
        said = reason(followed.tick())
        assert f"No {kind} changed since" in said
        assert "but for 1 stamped with a time to come" in said
    followed.workspace.update(kind, other.id, summary="edited meanwhile")
    assert request_of(followed.tick()), "it hides no other change"
    followed.sync()
    assert reason(followed.tick())
    followed.workspace.advance(due - followed.workspace.now + timedelta(minutes=2))
    followed.sync()
    assert f"No {kind} changed" in reason(followed.tick())


def test_a_file_that_belongs_to_others_is_said(project: Project) -> None:
    with project.warehouse.get_connection() as connection:
        connection.execute("CREATE TABLE something (id INTEGER)")
    assert "never been read" in reason(project.tick())


@pytest.mark.exhaustive
def test_without_a_token_it_says_so(followed: Project) -> None:
    followed.rootly = RootlyResource(base_url=followed.server.url)
    said = reason(followed.tick())
    assert "No Rootly API token" in said
    assert len(said.splitlines()) == 1


@pytest.mark.exhaustive
def test_a_wrong_token_is_said_without_being_shown(followed: Project) -> None:
    followed.rootly = RootlyResource(base_url=followed.server.url, token="rootly_wrong")
    said = reason(followed.tick())
    assert "does not accept the API token" in said
    assert "rootly_wrong" not in said


@pytest.mark.exhaustive
def test_a_server_out_of_reach_is_said_once_and_at_once(followed: Project) -> None:
    followed.rootly = RootlyResource(base_url="http://127.0.0.1:9", token="any")
    said = reason(followed.tick())
    assert said.count("nothing listens at 127.0.0.1:9") == 1
    followed.rootly = RootlyResource(base_url=followed.server.url, token=followed.server.token)
    followed.change("incidents")
    assert request_of(followed.tick()), "what was remembered is still there"


def test_a_file_locked_by_a_sync_is_said_and_the_change_is_seen_later(followed: Project) -> None:
    followed.change("incidents")
    hold = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, followed.warehouse.database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ),
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        said = reason(followed.tick())
        assert "is locked by process" in said
        assert "Traceback" not in said
        holder.communicate("\n")
    assert request_of(followed.tick())


@pytest.mark.exhaustive
def test_a_key_that_may_not_read_alerts_still_follows_incidents(
    tmp_path: Path, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    workspace = Workspace.build(incidents=30, now=NOW)
    with serve(workspace, forbidden={"/v1/alerts"}) as server:
        project = Project(server, tmp_path, definitions, instance)
        project.sync("incidents")
        assert "The alerts have never been read" in reason(project.tick())
        project.change("incidents")
        assert "rootly/incidents" in selected(request_of(project.tick()))


@pytest.mark.exhaustive
def test_a_server_that_ignores_the_filter_starts_no_run_a_minute(project: Project) -> None:
    """The sandbox's users have no such filter: they answer with everybody, as Rootly would."""
    client = project.rootly.model_copy(update={"page_size": 1}).client()
    with pytest.raises(RootlyError, match="ignore the filter"):
        look_at(client, endpoint_of("users"), NOW + timedelta(days=1), sort=False)


@pytest.mark.exhaustive
def test_a_cursor_that_somebody_wrote_over_is_begun_anew(followed: Project) -> None:
    followed.cursor = "not ours"
    assert "No incidents changed" in reason(followed.tick())


def test_it_is_off_until_somebody_switches_it_on(definitions: dg.Definitions) -> None:
    (pulse,) = [each for each in definitions.sensors or [] if each.name == "rootly_pulse"]
    assert isinstance(pulse, dg.SensorDefinition)
    assert pulse.default_status is dg.DefaultSensorStatus.STOPPED
    assert pulse.minimum_interval_seconds == 60
