"""Which runs are forgotten once they are old."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    GrpcServerCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

from rootly_assets.run_history import forget_runs

LATER = datetime.now(UTC) + timedelta(hours=1)
OURS, OTHERS = "rootly_assets", "somebody_else"


def run_of(location: str | None, job: str) -> dg.DagsterRun:
    """A run that has ended; one of the command line names no code location."""
    origin = None
    if location is not None:
        server = GrpcServerCodeLocationOrigin("localhost", port=1, location_name=location)
        origin = RemoteJobOrigin(RemoteRepositoryOrigin(server, "__repository__"), job)
    return dg.DagsterRun(job_name=job, status=dg.DagsterRunStatus.SUCCESS, remote_job_origin=origin)


@pytest.mark.parametrize(
    ("location", "job", "is_forgotten"),
    [
        (None, "rootly_sync", True),
        (OURS, "rootly_refresh", True),
        (OURS, "__ASSET_JOB", True),  # chosen in the UI
        (OTHERS, "__ASSET_JOB", False),
        (OTHERS, "nightly", False),
        (None, "nightly", False),
    ],
)
def test_runs_of_this_project_are_whatever_their_job(
    location: str | None, job: str, is_forgotten: bool
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.add_run(run_of(location, job))
        here = instance.add_run(run_of(OURS, "rootly_forget_runs"))
        forgotten = {each.run_id for each in forget_runs(instance, LATER, here)}
        assert (run.run_id in forgotten) == is_forgotten
        assert (instance.get_run_by_id(run.run_id) is None) == is_forgotten


def test_without_a_code_location_runs_of_none_are_not_taken_for_ours() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_run(run_of(None, "nightly"))
        assert not list(forget_runs(instance, LATER, run_of(None, "rootly_forget_runs")))
