"""Runs a job, with the same definitions, executor and instance as the UI, and tells how it went."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from rich.console import Console
from rich.markup import escape

from rootly_assets import raw_definitions
from rootly_assets.assets.materializations import counted, was_not_permitted
from rootly_assets.assets.specs import asset_key
from rootly_assets.assets.steps import DBT_STEP, step_name
from rootly_assets.cli.other_runs import make_way
from rootly_assets.cli.stopping import StoppedBy
from rootly_assets.jobs import READING, rootly_metrics, rootly_refresh
from rootly_assets.run_health import alive, end_dead_runs
from rootly_assets.sensors import failure_reason, held_back
from rootly_assets.settings import lists
from rootly_assets.terminal_logger import NAME


def run_job_by_name(
    console: Console,
    name: str,
    stopped_by: StoppedBy,
    config: Mapping[str, Any] | None = None,
    tables: Sequence[str] = (),
) -> int:
    """Run a job and print its outcome; returns the exit status.

    Where a list failed in `rootly_refresh`, the metrics are built in a second run, and where a model failed,
    the reports that don't read it; as the sensor `metrics_despite_failed_lists` does for runs that are
    launched elsewhere.

    Args:
        console: where to print.
        name: the job.
        stopped_by: tells whether somebody has asked to stop.
        config: settings for every step that reads lists, if the job has such steps.
        tables: the raw tables to read, of the job's; all by default.

    Raises:
        KeyboardInterrupt: somebody has asked to stop.
    """
    chosen = [asset_key(each) for each in lists() if each.table in tables]
    result = run_job(console, name, config or {}, stopped_by, chosen)
    succeeded = result.success and not _failed_checks(result)
    if name == rootly_refresh.name and not result.success and not _reached_dbt(result):
        console.print("Building the metrics from the rows that are loaded.")
        result = run_job(console, rootly_metrics.name, {}, stopped_by)
    if reports := _held_back(result):
        names = " and ".join(key.to_user_string() for key in reports)
        console.print(f"Writing {names}, of which all models were built.", highlight=False)
        run_job(console, rootly_metrics.name, {}, stopped_by, reports)
    return 0 if succeeded else 1


def run_job(
    console: Console,
    name: str,
    config: Mapping[str, Any],
    stopped_by: StoppedBy,
    assets: Sequence[dg.AssetKey] = (),
) -> dg.JobExecutionResult:
    """Run one job and print its outcome.

    Args:
        console: where to print.
        name: the job.
        config: settings for every step that reads lists; empty for jobs without such steps.
        stopped_by: tells whether somebody has asked to stop.
        assets: the part of the job to run; all of it by default.

    Raises:
        KeyboardInterrupt: somebody has.
    """
    given = {key: value for key, value in config.items() if value}
    run_config: dict[str, Any] = {"loggers": {NAME: {}}}
    if given:
        steps = {
            step_name(each.domain) for each in lists() if not assets or asset_key(each) in assets
        }
        run_config["ops"] = {step: {"config": given} for step in steps}
    job = dg.build_reconstructable_job(__name__, job_named.__name__, (name,))
    with dg.DagsterInstance.get() as instance:
        make_way(console, instance)
        _go_on(stopped_by)
        try:
            # dbt's own lines go to standard output; what matters of them is in outcome and event log.
            with alive(instance) as tags, contextlib.redirect_stdout(io.StringIO()):
                result = dg.execute_job(
                    job,
                    instance=instance,
                    run_config=run_config,
                    tags=tags,
                    asset_selection=assets or None,
                )
        except BaseException:
            # Dagster ends a run that it has started, and forgets one that it was still planning.
            list(end_dead_runs(instance))
            raise
    _go_on(stopped_by)
    _print_outcome(console, name, result)
    return result


def _go_on(stopped_by: StoppedBy) -> None:
    # Dagster reports a run that was interrupted as one that failed, and may not hear of it at all.
    if stopped_by() is not None:
        raise KeyboardInterrupt


def job_named(name: str) -> dg.JobDefinition:
    """A job of the project; processes that carry out steps find it by this function."""
    if name in {each.name for each in READING}:
        return raw_definitions.defs().resolve_job_def(name)
    from rootly_assets.definitions import defs  # dbt's import takes seconds

    return defs().resolve_job_def(name)


def _print_outcome(console: Console, name: str, result: dg.JobExecutionResult) -> None:
    made = result.get_asset_materialization_events()
    refused = sum(map(was_not_permitted, made))
    failures = _failures(result)
    for reason, those in failures.items():
        console.print(
            f"[red]✗ {_listed(those)}[/red]: {escape(reason)}", highlight=False, soft_wrap=True
        )
    # The check of a list that could not be read says the same again.
    told = {name for those in failures.values() for name in those}
    checks: dict[str, dict[str, None]] = {}  # in order, and each asset once
    for check in _failed_checks(result):
        if check.asset_key.path[-1] not in told:
            checks.setdefault(check.check_name, {})[check.asset_key.to_user_string()] = None
    for check_name, assets in checks.items():
        those = f"[red]✗ check {check_name}[/red] of {_listed(list(assets))} failed"
        console.print(those, highlight=False, soft_wrap=True)
    color, word = ("green", "succeeded") if result.success else ("red", "failed")
    but = f"; {counted(refused, 'list')} not permitted" if refused else ""
    console.print(
        f"[{color}]{name} {word}[/{color}]: {counted(len(made) - refused, 'asset')} materialized{but}.",
        highlight=False,
    )


def _failures(result: dg.JobExecutionResult) -> dict[str, list[str]]:
    """Lists that failed, by reason: a full disk is one reason, however many lists it stops.

    A step that failed as a whole, and so names no lists, stands for itself.
    """
    failures: dict[str, list[str]] = {}
    for event in result.all_events:
        if not event.is_step_failure or not event.step_key:
            continue
        reported = event.step_failure_data.user_failure_data
        if reported is None or not reported.metadata:
            failures.setdefault(failure_reason(event), []).append(event.step_key)
            continue
        for table, reason in reported.metadata.items():
            failures.setdefault(str(reason.value), []).append(table)
    return failures


def _listed(names: list[str], most: int = 3) -> str:
    """`a, b, c and 4 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _failed_checks(result: dg.JobExecutionResult) -> list[dg.AssetCheckEvaluation]:
    return [
        check
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    ]


def _held_back(result: dg.JobExecutionResult) -> list[dg.AssetKey]:
    built = {each.asset_key for each in result.get_asset_materialization_events() if each.asset_key}
    return held_back(result.job_def.asset_layer.selected_asset_keys, built)


def _reached_dbt(result: dg.JobExecutionResult) -> bool:
    return any(event.step_key == DBT_STEP and event.is_step_start for event in result.all_events)
