"""Other runs on the same instance: what a killed one has left behind, and one that goes on."""

import time

import dagster as dg
from rich.console import Console

from rootly_assets.run_health import end_dead_runs, is_watched
from rootly_assets.settings import ONE_PROCESS, destination


def wait_for_others(console: Console) -> None:
    """The same as `make_way`, before anything is tried: a run that goes on may have locked the file."""
    with dg.DagsterInstance.get() as instance:
        make_way(console, instance)


def make_way(console: Console, instance: dg.DagsterInstance) -> None:
    """End what a killed process has left behind, and wait for a run that goes on, if there is one."""
    for run in end_dead_runs(instance):
        console.print(
            f"[yellow]![/yellow] {run.job_name} ({run.run_id[:8]}) was killed before it ended; "
            "committed rows are kept, and this run resumes there.",
            highlight=False,
            soft_wrap=True,
        )
    told = None
    while (other := _in_the_way(instance)) is not None:
        if other.run_id != told:
            told = other.run_id
            console.print(
                f"Waiting for {other.job_name} ({told[:8]}), which is under way …", highlight=False
            )
            if not is_watched(other):
                console.print(
                    "An older version began it, and nobody can tell whether it still goes on. If it does not, "
                    f"this ends the wait: dagster run delete {told}",
                    highlight=False,
                    soft_wrap=True,
                )
        time.sleep(1)
        list(end_dead_runs(instance))


def _in_the_way(instance: dg.DagsterInstance) -> dg.DagsterRun | None:
    """A run that goes on, where one at a time can write: Dagster would wait for it, and say nothing."""
    log = instance.event_log_storage
    if destination() not in ONE_PROCESS or not log.supports_global_concurrency_limits:
        return None
    runs = (instance.get_run_by_id(run_id) for run_id in log.get_concurrency_run_ids())
    return next((run for run in runs if run is not None), None)
