"""The hourly refresh adds nothing to a refresh that is under way."""

from collections.abc import Iterator

import dagster as dg
import pytest

from rootly_assets.jobs import rootly_refresh
from rootly_assets.run_health import alive, end_dead_runs
from rootly_assets.schedules import hourly


@pytest.fixture(scope="module")
def one_instance() -> Iterator[dg.DagsterInstance]:
    """One in a folder, since a schedule has none of those that are in memory."""
    with dg.instance_for_test() as instance:
        yield instance


def tick(instance: dg.DagsterInstance) -> object:
    """What the schedule does at seven past."""
    with dg.build_schedule_context(instance=instance) as context:
        return hourly(context)


@pytest.mark.parametrize(
    ("status", "begins"),
    [
        (dg.DagsterRunStatus.STARTING, False),
        (dg.DagsterRunStatus.STARTED, False),
        (dg.DagsterRunStatus.SUCCESS, True),
        (dg.DagsterRunStatus.FAILURE, True),
    ],
)
def test_it_waits_for_its_turn_while_one_is_under_way(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus, *, begins: bool
) -> None:
    assert isinstance(tick(instance), dg.RunRequest)
    instance.add_run(dg.DagsterRun(job_name=rootly_refresh.name, status=status))
    answer = tick(instance)
    assert isinstance(answer, dg.RunRequest if begins else dg.SkipReason)


def planned(instance: dg.DagsterInstance, tags: dict[str, str]) -> str:
    """A run of the command line that Dagster still plans."""
    run = dg.DagsterRun(
        job_name=rootly_refresh.name, status=dg.DagsterRunStatus.NOT_STARTED, tags=tags
    )
    return instance.add_run(run).run_id


def test_one_that_was_stopped_before_it_started_is_waited_for_no_longer_than_it_lives(
    instance: dg.DagsterInstance,
) -> None:
    with alive(instance) as tags:
        planned(instance, dict(tags))
        assert isinstance(tick(instance), dg.SkipReason)
    assert isinstance(tick(instance), dg.RunRequest)


def test_one_that_was_stopped_before_it_started_has_failed(instance: dg.DagsterInstance) -> None:
    with alive(instance) as tags:
        run_id = planned(instance, dict(tags))
        assert list(end_dead_runs(instance)) == []
    assert [run.run_id for run in end_dead_runs(instance)] == [run_id]
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is dg.DagsterRunStatus.FAILURE


def test_one_of_another_job_is_none_of_its_business(instance: dg.DagsterInstance) -> None:
    instance.add_run(
        dg.DagsterRun(job_name="rootly_incidents_sync", status=dg.DagsterRunStatus.STARTED)
    )
    assert isinstance(tick(instance), dg.RunRequest)
