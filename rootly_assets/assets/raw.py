"""Raw tables as assets: one subsettable multi-asset a domain, one asset a list."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import dagster as dg

from rootly_assets.api import (
    BrokenBody,
    IncompleteRead,
    RateLimited,
    RootlyError,
    RootlyResource,
    Unavailable,
)
from rootly_assets.assets import materializations
from rootly_assets.assets.checks import check_results, check_specs
from rootly_assets.assets.materializations import counted
from rootly_assets.assets.pools import pool
from rootly_assets.assets.retrying import retry_policy
from rootly_assets.assets.specs import asset_key, asset_spec
from rootly_assets.assets.step_log import StepLog
from rootly_assets.assets.steps import step_name
from rootly_assets.assets.sync_config import SyncConfig
from rootly_assets.catalogue import Endpoint
from rootly_assets.errors import NotConfigured
from rootly_assets.settings import landing_folder, lists
from rootly_assets.sync.errors import LoadError, SyncError
from rootly_assets.sync.outcome import Outcome, Status
from rootly_assets.sync.planning.groups import grouped
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.recognition import Recognition
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.interface import Warehouse

Event = dg.MaterializeResult[Any] | dg.AssetCheckResult

# What may pass by itself: worth a second try of the step, which reads only what failed.
PASSING = (Unavailable, BrokenBody, IncompleteRead, RateLimited, LoadError)


def domains() -> list[str]:
    """The domains, in alphabetical order."""
    return sorted({endpoint.domain for endpoint in lists()})


def domain_assets(domain: str) -> dg.AssetsDefinition:
    """The assets of one domain."""
    endpoints = [endpoint for endpoint in lists() if endpoint.domain == domain]

    @dg.multi_asset(
        name=step_name(domain),
        specs=[asset_spec(endpoint) for endpoint in endpoints],
        check_specs=list(chain.from_iterable(check_specs(endpoint) for endpoint in endpoints)),
        can_subset=True,
        pool=pool(step_name(domain)),
        retry_policy=retry_policy(),
    )
    def raw_tables(
        context: dg.AssetExecutionContext,
        config: SyncConfig,
        rootly: RootlyResource,
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[Event]:
        selected = [each for each in endpoints if asset_key(each) in context.selected_asset_keys]
        yield from _materialize(context, selected, config.options(), rootly, warehouse)

    return raw_tables


def _materialize(
    context: dg.AssetExecutionContext,
    endpoints: Sequence[Endpoint],
    options: SyncOptions,
    rootly: RootlyResource,
    warehouse: Warehouse,
) -> Iterator[Event]:
    failed: list[Outcome] = []
    asked = len(endpoints)  # a second try reads fewer, but speaks of the step as a whole
    try:
        client = rootly.client()
        log = StepLog(context, client.redaction)
        with warehouse.kept_open():
            warehouse.prepare(lists())
            states = dict(warehouse.states())
            recognition = Recognition(client, warehouse)
        recognition.demand()
        if context.retry_number:
            endpoints = _unfinished(context, endpoints)
        for outcome in sync(
            endpoints=endpoints,
            client=client,
            loader=warehouse,
            states=states,
            options=options,
            landing_root=landing_folder(),
            run_id=context.run.run_id,
            concurrency=rootly.concurrency,
            on_progress=log.progress,
        ):
            log.outcome(outcome)
            if outcome.status is Status.FAILED:
                failed.append(outcome)
                yield from check_results(outcome)
            else:
                yield _result(outcome, warehouse)
    except (NotConfigured, RootlyError, SyncError, LoadError) as error:
        # Nothing of this step can go on: no token, no disk, no warehouse.
        # The client and the warehouse have waited for what may pass by itself.
        raise dg.Failure(str(error), allow_retries=False) from error
    log.end()
    if failed:
        raise _failure(failed, asked)


def _result(outcome: Outcome, warehouse: Warehouse) -> dg.MaterializeResult[Any]:
    if outcome.loaded is None:
        metadata = dict(materializations.not_permitted(outcome))
    else:
        columns = materializations.preview_columns(outcome.endpoint)
        preview = warehouse.preview(outcome.endpoint.table, columns, materializations.PREVIEW_ROWS)
        metadata = materializations.loaded(outcome, preview)
    return dg.MaterializeResult(
        asset_key=asset_key(outcome.endpoint),
        metadata=metadata,
        check_results=list(check_results(outcome)),
    )


def _failure(failed: Sequence[Outcome], of: int) -> dg.Failure:
    """The step's last word: every list that could not be read, and why."""
    reasons = "\n".join(f"- {each.endpoint.table}: {each.error}" for each in failed)
    others = "The others are loaded; the" if len(failed) < of else "The"
    lists = "list" if len(failed) == 1 else "lists"
    return dg.Failure(
        f"{len(failed)} of {counted(of, 'list')} could not be read. {others} rows that the failed "
        f"{lists} had before still stand.\n{reasons}",
        metadata={each.endpoint.table: str(each.error) for each in failed},
        allow_retries=all(isinstance(each.error, PASSING) for each in failed),
    )


def _unfinished(context: dg.AssetExecutionContext, endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """The lists that an earlier try of this step has not told of, and all that are read with them.

    The warehouse can't say that: a long list, or one that is swept, is committed in parts, and has a state of
    this run long before it is done.
    """
    told = {
        entry.get_dagster_event().asset_key
        for entry in context.instance.all_logs(
            context.run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION
        )
    }
    return [
        each
        for group in grouped(endpoints)
        if not told.issuperset(map(asset_key, group.members))
        for each in group.members
    ]
