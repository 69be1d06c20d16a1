"""A list that cannot be read stops nobody else, and is loud."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console
from starlette.middleware import Middleware

from rootly_assets.cli.jobs import run_job_by_name
from rootly_assets.sensors import metrics_despite_failed_lists
from rootly_assets_tests.system.running import AlwaysFails, Project, project

pytestmark = pytest.mark.slow


# Enough to show it: what the metrics read, a domain beside them, and the metrics themselves.
READ_BY_METRICS = dg.AssetSelection.groups(
    "incidents",
    "services",
    "organization",
    "workflows",
    "staging",
    "intermediate",
    "marts",
)


@pytest.fixture(scope="module")
def broken(
    tmp_path_factory: pytest.TempPathFactory, manifest: Path
) -> Iterator[tuple[Project, dg.ExecuteInProcessResult]]:
    AlwaysFails.mended = False
    fault = Middleware(AlwaysFails, path="/v1/severities")
    with (
        pytest.MonkeyPatch.context() as patch,
        project(patch, tmp_path_factory.mktemp("broken"), manifest, middleware=[fault]) as running,
    ):
        yield running, running.run("rootly_refresh", selection=READ_BY_METRICS)


def test_the_run_fails_and_says_which_list_and_why(
    broken: tuple[Project, dg.ExecuteInProcessResult],
) -> None:
    _, result = broken
    assert not result.success
    failures = [event for event in result.all_events if event.is_step_failure]
    assert [event.step_key for event in failures] == ["rootly_incidents"]
    reported = failures[0].step_failure_data.user_failure_data
    assert reported is not None
    assert "severities" in str(reported.description)
    assert "/v1/severities" in str(reported.description)
    assert "500" in str(reported.description)


def test_every_other_list_is_loaded(broken: tuple[Project, dg.ExecuteInProcessResult]) -> None:
    running, result = broken
    loaded = {event.asset_key.path[-1] for event in result.get_asset_materialization_events()}
    assert "severities" not in loaded
    assert {"incidents", "action_items", "services", "workflows"} <= loaded
    assert running.rows("SELECT count(*) FROM incidents") == [(40,)]


def test_its_check_is_red(broken: tuple[Project, dg.ExecuteInProcessResult]) -> None:
    _, result = broken
    red = {
        check.asset_key.to_user_string(): check.check_name
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    }
    assert red == {"rootly/severities": "complete"}


def test_the_retry_of_the_step_reads_only_what_failed(
    broken: tuple[Project, dg.ExecuteInProcessResult],
) -> None:
    running, result = broken
    assert any(event.is_step_restarted for event in result.all_events)
    reads = [each for each in running.server.requests if each.path == "/v1/incident_roles"]
    assert len(reads) == 1


def test_the_metrics_get_a_run_of_their_own(
    broken: tuple[Project, dg.ExecuteInProcessResult],
) -> None:
    running, result = broken
    failure = next(event for event in result.all_events if event.is_run_failure)
    context = dg.build_run_status_sensor_context(
        sensor_name="metrics_despite_failed_lists",
        dagster_event=failure,
        dagster_instance=running.instance,
        dagster_run=running.instance.get_run_by_id(result.run_id),
    ).for_run_failure()
    assert isinstance(metrics_despite_failed_lists(context), dg.RunRequest)
    assert metrics_despite_failed_lists.job_name == "rootly_metrics"


def test_the_command_line_builds_them_too_and_still_says_that_something_failed(
    broken: tuple[Project, dg.ExecuteInProcessResult], capsys: pytest.CaptureFixture[str]
) -> None:
    running, _ = broken
    status = run_job_by_name(Console(width=200), "rootly_refresh")
    printed = capsys.readouterr().out
    assert status == 1
    assert "severities" in printed
    assert "rootly_metrics succeeded" in printed
    assert running.rows("SELECT count(*) FROM marts.fct_incidents")[0][0] > 0
    assert "Traceback" not in printed
    assert running.server.token not in printed


def test_once_it_answers_again_all_is_well(
    broken: tuple[Project, dg.ExecuteInProcessResult],
) -> None:
    running, _ = broken
    AlwaysFails.mended = True
    assert running.run("rootly_incidents_sync").success
    count = len(running.workspace.records("severities"))
    assert running.rows("SELECT count(*) FROM severities") == [(count,)]
