"""A list that fails holds back no metrics, whoever asked for both."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
import pytest

from rootly_assets.assets import report
from rootly_assets.assets.steps import DBT_STEP
from rootly_assets.errors import NotConfigured
from rootly_assets.sensors import failure_reason, metrics_despite_failed_lists

Answer = dg.RunRequest | dg.SkipReason


@dg.asset
def a_list() -> None:
    raise dg.Failure("The list could not be read.", allow_retries=False)


@dg.asset
def another_list() -> None:
    """It can be read."""


def as_dbt_step(*deps: dg.AssetsDefinition, does: Callable[[], None]) -> dg.AssetsDefinition:
    """Models, built by a step with the name that the project's has."""

    @dg.multi_asset(name=DBT_STEP, specs=[dg.AssetSpec("model", deps=deps)])
    def models() -> None:
        does()

    return models


def fails() -> None:
    raise dg.Failure("A model is wrong.", allow_retries=False)


def asked(instance: dg.DagsterInstance, *assets: dg.AssetsDefinition) -> Answer:
    """What the sensor does about a run of chosen assets that failed."""
    result = dg.materialize(assets, instance=instance, raise_on_error=False)
    assert not result.success
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    failure = next(event for event in result.all_events if event.is_run_failure)
    context = dg.build_run_status_sensor_context(
        sensor_name="metrics_despite_failed_lists",
        dagster_event=failure,
        dagster_instance=instance,
        dagster_run=run,
    ).for_run_failure()
    answer = metrics_despite_failed_lists(context)
    assert isinstance(answer, dg.RunRequest | dg.SkipReason)
    return answer


def test_models_that_were_not_reached_are_built_by_a_run_of_their_own(
    instance: dg.DagsterInstance,
) -> None:
    """As after a run of the pulse, or of assets that somebody chose in the UI."""
    assert isinstance(
        asked(instance, a_list, as_dbt_step(a_list, does=lambda: None)), dg.RunRequest
    )


def test_a_report_is_written_by_itself_where_a_model_failed_that_it_does_not_read(
    instance: dg.DagsterInstance,
) -> None:
    keys = [dg.AssetKey(each) for each in report.READ]
    specs = [dg.AssetSpec(key, skippable=True) for key in keys]

    @dg.multi_asset(name=DBT_STEP, specs=[*specs, dg.AssetSpec("of_ones_own")])
    def models() -> Iterator[Any]:
        yield from map(dg.MaterializeResult, built)
        fails()

    of_models = dg.asset(name=report.NAME, deps=keys)(lambda: None)
    built = keys
    answer = asked(instance, models, of_models)
    assert isinstance(answer, dg.RunRequest)
    assert answer.asset_selection == [dg.AssetKey(report.NAME)]
    built = keys[1:]
    assert isinstance(asked(instance, models, of_models), dg.SkipReason)


@pytest.mark.parametrize(
    ("assets", "reason"),
    [
        ([a_list, another_list], "to build no dbt models"),
        ([another_list, as_dbt_step(another_list, does=fails)], "themselves failed"),
        ([a_list, another_list, as_dbt_step(another_list, does=lambda: None)], "were built"),
    ],
    ids=["there are none", "they failed themselves", "they were built all the same"],
)
def test_no_second_run_where_it_would_bring_nothing(
    instance: dg.DagsterInstance, assets: list[dg.AssetsDefinition], reason: str
) -> None:
    answer = asked(instance, *assets)
    assert isinstance(answer, dg.SkipReason)
    assert reason in (answer.skip_message or "")


def test_the_reason_is_that_of_the_step_and_not_that_one_failed(
    instance: dg.DagsterInstance,
) -> None:
    """Dagster's own error only says which step it was."""

    @dg.asset
    def misled() -> None:
        raise NotConfigured("ROOTLY_COLUMN_LINEAGE is '0'.") from KeyError("what led to it")

    result = dg.materialize([misled], instance=instance, raise_on_error=False)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure_reason(failure).endswith("ROOTLY_COLUMN_LINEAGE is '0'.")
