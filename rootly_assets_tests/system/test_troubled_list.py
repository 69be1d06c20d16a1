"""A list that the metrics do not read fails; trouble passes by itself; a workspace has nothing in it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.sensors import explain_failed_runs, metrics_despite_failed_lists
from rootly_assets_tests.system.running import AlwaysFails, Project, project
from rootly_assets_tests.system.truth import differences

pytestmark = pytest.mark.exhaustive

UNREAD_BY_METRICS = dg.AssetSelection.groups("workflows", "staging")


class FailsAtFirst:
    """Middleware: the first requests for each path answer 503, the others are let through."""

    def __init__(self, app: ASGIApp, times: int) -> None:
        self.app = app
        self.times = times
        self.failed: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Fail a while."""
        failed = self.failed.get(scope["path"], 0)
        if failed < self.times:
            self.failed[scope["path"]] = failed + 1
            await JSONResponse({"error": "Unavailable"}, status_code=503)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def broken(
    tmp_path_factory: pytest.TempPathFactory, manifest: Path
) -> Iterator[tuple[Project, dg.ExecuteInProcessResult]]:
    AlwaysFails.mended = True
    fault = Middleware(AlwaysFails, path="/v1/playbooks")
    with (
        pytest.MonkeyPatch.context() as patch,
        project(patch, tmp_path_factory.mktemp("unread"), manifest, middleware=[fault]) as running,
    ):
        assert running.run("rootly_workflows_sync").success
        AlwaysFails.mended = False
        playbook = running.workspace.records("playbooks")[0]
        running.workspace.update("playbooks", playbook.id, title="After")
        yield running, running.run("rootly_refresh", selection=UNREAD_BY_METRICS)
    AlwaysFails.mended = False


def of_failed_run(
    running: Project, result: dg.ExecuteInProcessResult
) -> dg.RunFailureSensorContext:
    failure = next(event for event in result.all_events if event.is_run_failure)
    run = running.instance.get_run_by_id(result.run_id)
    assert run is not None
    return dg.build_run_status_sensor_context(
        sensor_name="any",
        dagster_event=failure,
        dagster_instance=running.instance,
        dagster_run=run,
    ).for_run_failure()


def test_models_that_do_not_read_it_are_built_in_the_same_run(
    broken: tuple[Project, dg.ExecuteInProcessResult],
) -> None:
    running, result = broken
    assert not result.success
    built = {event.asset_key.path[0] for event in result.get_asset_materialization_events()}
    assert "staging" in built
    skipped = metrics_despite_failed_lists(of_failed_run(running, result))
    assert isinstance(skipped, dg.SkipReason), "no second run is needed"


def test_its_rows_of_before_still_stand(
    broken: tuple[Project, dg.ExecuteInProcessResult],
) -> None:
    running, _ = broken
    stale = differences(running.workspace, running.database)["playbooks"]
    assert stale == "0 missing, 0 too many, 1 stale"


def test_whoever_is_called_hears_which_run_which_list_and_why(
    broken: tuple[Project, dg.ExecuteInProcessResult], caplog: pytest.LogCaptureFixture
) -> None:
    running, result = broken
    context = of_failed_run(running, result)
    context.log.addHandler(caplog.handler)
    with caplog.at_level(logging.ERROR):
        explain_failed_runs(context)
    said = caplog.text
    assert result.run_id in said
    assert "rootly_refresh failed" in said
    assert "rootly_workflows: 1 of 8 lists could not be read" in said
    assert "playbooks: Rootly cannot answer /v1/playbooks at the moment (500)" in said
    assert running.server.token not in said


def test_trouble_that_passes_is_waited_out(
    tmp_path: Path, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = [Middleware(FailsAtFirst, times=1)]
    with project(monkeypatch, tmp_path, manifest, middleware=passing) as running:
        result = running.run("rootly_status_pages_sync")
    assert result.success
    (event, *_) = [
        each
        for each in result.get_asset_materialization_events()
        if each.asset_key == dg.AssetKey(["rootly", "status_pages"])
    ]
    assert event.step_materialization_data.materialization.metadata["retries"].value == 1


def test_an_empty_workspace_has_all_tables_and_metrics_and_nothing_in_them(
    tmp_path: Path, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with project(monkeypatch, tmp_path, manifest, incidents=0) as running:
        daily = dg.AssetSelection.assets(["marts", "incident_metrics_daily"]).upstream()
        models = dg.AssetSelection.groups("intermediate", "marts")
        staging = dg.AssetSelection.groups("staging") | dg.AssetSelection.key_prefixes("seeds")
        synced = running.run("rootly_sync")
        assert synced.success
        result = running.run("rootly_metrics", selection=(daily & models) | staging)
    assert result.success
    evaluated = [*synced.get_asset_check_evaluations(), *result.get_asset_check_evaluations()]
    assert [check for check in evaluated if not check.passed] == []
    assert running.rows("SELECT count(*) FROM incidents") == [(0,)]
    assert running.rows("SELECT count(*) FROM marts.incident_metrics_daily") == [(0,)]
