"""Forgets ended runs that began long ago: their events, and what their steps have printed.

Dagster keeps every run for ever, and a refresh of everything leaves 14 MB each time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster import DagsterInstance, DagsterRun
from pydantic import Field

from rootly_assets.assets.materializations import counted

ENDED = (
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
)
"""A run that waits or goes on is never forgotten."""

JOBS = "rootly_"
"""How the names of this project's jobs begin."""


class HistoryConfig(dg.Config):
    """How much of the history stays."""

    days: int = Field(default=30, ge=1, description="Runs that began longer ago are forgotten.")


def forget_runs(
    instance: DagsterInstance, before: datetime, like: DagsterRun | None = None
) -> Iterator[DagsterRun]:
    """Delete runs of this project that began before a time and have ended; yields each.

    Those stay that were the last to materialize an asset: its page would say that it never was.

    Args:
        instance: has the history, which may be that of other projects too.
        before: the time.
        like: a run of this project; those that come from the same code location are its own, whatever their
            job: what is chosen in the UI has none.
    """
    materialized = (
        record.asset_entry.last_materialization for record in instance.get_asset_records()
    )
    last = {event.run_id for event in materialized if event is not None}
    here = _location(like) if like else None
    for run in instance.get_runs(dg.RunsFilter(statuses=ENDED, created_before=before)):
        is_ours = run.job_name.startswith(JOBS) or (here is not None and _location(run) == here)
        if is_ours and run.run_id not in last:
            instance.delete_run(run.run_id)
            instance.compute_log_manager.delete_logs(prefix=[run.run_id])
            yield run


def _location(run: DagsterRun) -> str | None:
    """The code location that a run comes from, by its name; a run of the command line has none."""
    return run.remote_job_origin and run.remote_job_origin.location_name


@dg.op(description="Delete ended runs of this project that began long ago, with their logs.")
def forget_old_runs(context: dg.OpExecutionContext, config: HistoryConfig) -> None:
    """Forget them, and say how many they were."""
    before = datetime.now(UTC) - timedelta(days=config.days)
    forgotten = sum(1 for _ in forget_runs(context.instance, before, context.run))
    context.log.info(f"Forgot {counted(forgotten, 'run')} of before {before:%Y-%m-%d %H:%M} UTC.")
