"""What happens when a run has failed."""

from collections.abc import Iterator, Set

import dagster as dg

from rootly_assets.assets import panel_parity, report
from rootly_assets.assets.steps import DBT_STEP
from rootly_assets.jobs import rootly_metrics

# The models that each of the reports reads.
READ = {report.NAME: report.READ, panel_parity.NAME: panel_parity.READ}


def failed_steps(context: dg.RunFailureSensorContext) -> Iterator[tuple[str, str]]:
    """Every step that failed in the run, with the first thing that its error says."""
    for event in context.get_step_failure_events():
        yield event.step_key or "unknown step", failure_reason(event)


def failure_reason(event: dg.DagsterEvent) -> str:
    """Why a step failed, in the words of whoever failed it."""
    failure = event.step_failure_data
    reported = failure.user_failure_data
    error = failure.error
    # Dagster's own error only says in which step it was.
    while error and error.cause and (error.cls_name or "").startswith("Dagster"):
        error = error.cause
    text = (reported.description if reported else None) or (error.message if error else "")
    return (text or "no reason given").strip()


@dg.run_failure_sensor(
    name="metrics_despite_failed_lists",
    request_job=rootly_metrics,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description="Builds the metrics in a run of their own where a list failed before dbt began, and the "
    "reports where a model failed that they don't read: Dagster skips what is downstream.",
)
def metrics_despite_failed_lists(
    context: dg.RunFailureSensorContext,
) -> dg.RunRequest | dg.SkipReason:
    """A list that failed must not hold back the metrics, nor a model the reports: they get a run of their own.

    Whoever asked for both: `rootly_refresh`, the pulse, or somebody who chose assets in the UI.
    """
    if DBT_STEP not in _steps(context, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED):
        return dg.SkipReason("The run that failed was to build no dbt models.")
    failed = dict(failed_steps(context))
    if DBT_STEP in failed:
        planned = _assets(context, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
        built = _assets(context, dg.DagsterEventType.ASSET_MATERIALIZATION)
        if reports := held_back(planned, built):
            return dg.RunRequest(run_key=context.dagster_run.run_id, asset_selection=reports)
        return dg.SkipReason("The dbt models themselves failed: running them again would not help.")
    if not failed:
        return dg.SkipReason("No step failed: the run was ended from outside.")
    if DBT_STEP in _steps(context, dg.DagsterEventType.STEP_SUCCESS):
        return dg.SkipReason("The dbt models do not read what failed, and were built.")
    return dg.RunRequest(run_key=context.dagster_run.run_id)


def held_back(planned: Set[dg.AssetKey], built: Set[dg.AssetKey]) -> list[dg.AssetKey]:
    """Reports that a run was to write and did not, although all that they read was built in it."""
    return [
        key
        for name, read in READ.items()
        if (key := dg.AssetKey(name)) in planned - built and built >= set(map(dg.AssetKey, read))
    ]


def _assets(context: dg.RunFailureSensorContext, of_type: dg.DagsterEventType) -> set[dg.AssetKey]:
    return {event.asset_key for event in _events(context, of_type) if event.asset_key}


def _steps(context: dg.RunFailureSensorContext, of_type: dg.DagsterEventType) -> set[str | None]:
    return {event.step_key for event in _events(context, of_type)}


def _events(
    context: dg.RunFailureSensorContext, of_type: dg.DagsterEventType
) -> Iterator[dg.DagsterEvent]:
    for entry in context.instance.all_logs(context.dagster_run.run_id, of_type=of_type):
        if entry.dagster_event is not None:
            yield entry.dagster_event


@dg.run_failure_sensor(
    name="explain_failed_runs",
    minimum_interval_seconds=30,
    description="Says in its log which run failed, where and why.",
)
def explain_failed_runs(context: dg.RunFailureSensorContext) -> None:
    """Say in the log which run failed, where, and why."""
    run = context.dagster_run
    reasons = "\n".join(f"{step}: {reason}" for step, reason in failed_steps(context))
    context.log.error(
        f"Run {run.run_id} of {run.job_name} failed.\n{reasons or context.failure_event.message}"
    )
