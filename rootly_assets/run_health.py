"""Tells runs that go on from runs whose process is gone: killed, or lost with the machine.

A run holds the slots of its pools until Dagster hears that it has ended, and nobody tells Dagster of a process
that was killed: all later runs would wait for it, for ever. `dagster.yaml` names the launcher, so that the
daemon of `make dev` looks every half minute; the command line looks before each of its runs.
"""

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import dagster as dg
from dagster import DagsterInstance, DagsterRun
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import deserialize_value
from filelock import FileLock, Timeout

# The file that the process of a run of the command line has locked: it is let go of however the process ends.
LOCKED = "rootly/locked"

# Everything between the request for a run and its end. One of the command line has not started for as long as
# Dagster takes to plan it.
UNDER_WAY = (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED, *IN_PROGRESS_RUN_STATUSES)

HERE = {"localhost", "127.0.0.1", "::1"}


@contextmanager
def alive(instance: DagsterInstance) -> Generator[Mapping[str, str]]:
    """Tags for a run of this process, which tell that it goes on for as long as the block does."""
    path = Path(instance.root_directory) / "alive" / uuid4().hex
    path.parent.mkdir(exist_ok=True)
    with FileLock(path):
        try:
            yield {LOCKED: str(path)}
        finally:
            path.unlink(missing_ok=True)


def end_dead_runs(instance: DagsterInstance) -> Iterator[DagsterRun]:
    """Mark runs as failed whose process is gone, and free the slots of all that have ended; yields the dead."""
    log = instance.event_log_storage
    for run in instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY)):
        if is_dead(run):
            instance.report_run_failed(run, message="The process of this run is gone.")
            yield run
    if log.supports_global_concurrency_limits:
        for run_id in log.get_concurrency_run_ids():
            holder = instance.get_run_by_id(run_id)
            if holder is None or holder.is_finished:
                log.free_concurrency_slots_for_run(run_id)


def under_way(instance: DagsterInstance, job_name: str | None = None) -> list[DagsterRun]:
    """Runs that wait or go on: of one job, or all."""
    runs = instance.get_runs(dg.RunsFilter(job_name=job_name, statuses=UNDER_WAY))
    return [run for run in runs if not is_dead(run)]


def is_watched(run: DagsterRun) -> bool:
    """Whether anything tells that a run goes on; of those that older versions began, nothing does."""
    return GRPC_INFO_TAG in run.tags or LOCKED in run.tags


def is_dead(run: DagsterRun) -> bool:
    """Whether it is certain that the process of a run that has not ended is gone."""
    if (
        run.status in IN_PROGRESS_RUN_STATUSES
        and (server := run.tags.get(GRPC_INFO_TAG)) is not None
    ):
        return _is_dead_at(json.loads(server), run.run_id)
    if (locked := run.tags.get(LOCKED)) is not None:
        return _is_let_go(Path(locked))
    return False


def _is_let_go(path: Path) -> bool:
    if not path.parent.exists():
        return False  # of another machine
    if not path.exists():
        return True
    try:
        with FileLock(path, timeout=0):
            path.unlink(missing_ok=True)
    except Timeout:
        return False
    return True


def _is_dead_at(server: Mapping[str, object], run_id: str) -> bool:
    """Ask the code server that began a run; what can't be reached says nothing of another machine."""
    host, port, socket = (server.get(each) for each in ("host", "port", "socket"))
    client = DagsterGrpcClient(
        host=str(host or "localhost"),
        port=int(str(port)) if port else None,
        socket=str(socket) if socket else None,
        use_ssl=bool(server.get("use_ssl", False)),
    )
    try:
        answer = client.can_cancel_execution(CanCancelExecutionRequest(run_id=run_id), timeout=5)
    except DagsterUserCodeUnreachableError:
        return bool(socket) or host in HERE
    return not deserialize_value(answer, CanCancelExecutionResult).can_cancel


class WatchedRunLauncher(DefaultRunLauncher):
    """Launches runs as Dagster does by default, and can tell whether they are alive."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It can."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """What the daemon asks of every run that has begun and not ended."""
        if is_dead(run):
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, "Its process is gone.")
        return CheckRunHealthResult(WorkerStatus.RUNNING)
