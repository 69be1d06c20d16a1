"""The hourly refresh adds nothing to a refresh that is under way."""

import dagster as dg
import pytest

from rootly_assets.jobs import rootly_refresh
from rootly_assets.schedules import hourly


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
    status: dg.DagsterRunStatus, *, begins: bool
) -> None:
    with dg.instance_for_test() as instance:
        assert isinstance(tick(instance), dg.RunRequest)
        instance.add_run(dg.DagsterRun(job_name=rootly_refresh.name, status=status))
        answer = tick(instance)
        assert isinstance(answer, dg.RunRequest if begins else dg.SkipReason)


def test_one_of_another_job_is_none_of_its_business() -> None:
    with dg.instance_for_test() as instance:
        instance.add_run(
            dg.DagsterRun(job_name="rootly_incidents_sync", status=dg.DagsterRunStatus.STARTED)
        )
        assert isinstance(tick(instance), dg.RunRequest)
