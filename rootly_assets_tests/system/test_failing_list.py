"""A list that cannot be read stops nobody else, and is loud."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from rich.console import Console
from starlette.middleware import Middleware

from rootly_assets.cli import jobs
from rootly_assets.cli.jobs import run_job
from rootly_assets.sensors import metrics_despite_failed_lists
from rootly_assets_tests.system.running import AlwaysFails, Project, project

pytestmark = pytest.mark.exhaustive


@dataclass
class Refreshed:
    """What `make refresh` did while one list failed.

    Attributes:
        running: the project.
        status: its exit status.
        printed: what it said.
        result: of the run that failed.
    """

    running: Project
    status: int
    printed: str
    result: dg.JobExecutionResult


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, manifest: Path) -> Iterator[Refreshed]:
    AlwaysFails.mended = False
    fault = Middleware(AlwaysFails, path="/v1/severities")
    with (
        pytest.MonkeyPatch.context() as patch,
        project(patch, tmp_path_factory.mktemp("broken"), manifest, middleware=[fault]) as running,
    ):
        runs: list[dg.JobExecutionResult] = []

        def kept(*arguments: Any) -> dg.JobExecutionResult:
            runs.append(run_job(*arguments))
            return runs[-1]

        patch.setattr(jobs, "run_job", kept)
        kept_open = contextlib.nullcontext(running.instance)
        patch.setattr(dg.DagsterInstance, "get", staticmethod(lambda: kept_open))
        said = StringIO()
        with contextlib.redirect_stderr(said):
            console = Console(file=said, width=200)
            status = jobs.run_job_by_name(console, "rootly_refresh", lambda: None)
        yield Refreshed(running, status, said.getvalue(), runs[0])


def test_the_run_fails_and_says_which_list_and_why(
    broken: Refreshed,
) -> None:
    result = broken.result
    assert not result.success
    failures = [event for event in result.all_events if event.is_step_failure]
    assert [event.step_key for event in failures] == ["rootly_incidents"]
    reported = failures[0].step_failure_data.user_failure_data
    assert reported is not None
    assert "severities" in str(reported.description)
    assert "/v1/severities" in str(reported.description)
    assert "500" in str(reported.description)


def test_every_other_list_is_loaded(broken: Refreshed) -> None:
    running, result = broken.running, broken.result
    loaded = {event.asset_key.path[-1] for event in result.get_asset_materialization_events()}
    assert "severities" not in loaded
    assert {"incidents", "action_items", "services", "workflows"} <= loaded
    assert running.rows("SELECT count(*) FROM incidents") == [(40,)]


def test_its_check_is_red(broken: Refreshed) -> None:
    result = broken.result
    red = {
        check.asset_key.to_user_string(): check.check_name
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    }
    assert red == {"rootly/severities": "complete"}


def test_the_retry_of_the_step_reads_only_what_failed(
    broken: Refreshed,
) -> None:
    running, result = broken.running, broken.result
    assert any(event.is_step_restarted for event in result.all_events)
    reads = [each for each in running.server.requests if each.path == "/v1/incident_roles"]
    assert len(reads) == 1


def test_the_metrics_get_a_run_of_their_own(
    broken: Refreshed,
) -> None:
    running, result = broken.running, broken.result
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
    broken: Refreshed,
) -> None:
    assert broken.status == 1
    assert "severities" in broken.printed
    assert "rootly_metrics succeeded" in broken.printed
    assert broken.running.rows("SELECT count(*) FROM marts.fct_incidents")[0][0] > 0
    assert "Traceback" not in broken.printed
    assert "Dependencies for step" not in broken.printed, "Dagster's own bookkeeping"
    assert broken.running.server.token not in broken.printed


def test_a_list_that_the_key_may_not_read_is_not_counted_as_made(broken: Refreshed) -> None:
    (line,) = re.findall("rootly_refresh failed: .*", broken.printed)
    assert line.endswith(" assets materialized; 1 list not permitted.")


def test_once_it_answers_again_all_is_well(
    broken: Refreshed,
) -> None:
    running = broken.running
    AlwaysFails.mended = True
    assert running.run("rootly_incidents_sync").success
    count = len(running.workspace.records("severities"))
    assert running.rows("SELECT count(*) FROM severities") == [(count,)]
