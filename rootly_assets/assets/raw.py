"""Raw tables as assets: one subsettable multi-asset a domain, one asset a list."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

import dagster as dg
from pydantic import Field

from rootly_assets.api import (
    BrokenBody,
    IncompleteRead,
    RateLimited,
    RootlyClient,
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
from rootly_assets.assets.steps import step_name
from rootly_assets.catalogue import Endpoint
from rootly_assets.errors import NotConfigured
from rootly_assets.settings import landing_folder, lists, look_backs
from rootly_assets.sync.errors import LoadError, SyncError, UnexpectedError
from rootly_assets.sync.outcome import Outcome, Progress, Status
from rootly_assets.sync.planning.groups import grouped
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.recognition import Recognition
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.interface import Warehouse

Event = dg.MaterializeResult[Any] | dg.AssetCheckResult

# What may pass by itself: worth a second try of the step, which reads only what failed.
PASSING = (Unavailable, BrokenBody, IncompleteRead, RateLimited, LoadError)


class SyncConfig(dg.Config):
    """What a run may ask for instead of the usual incremental read."""

    full_refresh: bool = Field(
        default=False, description="Read every list from end to end, whatever is there."
    )
    sweep: bool = Field(
        default=False,
        description="After the usual read look for what is gone: every incident and alert is paged through, "
        "in no hurry, and children of parents that did not change are read again.",
    )
    since: str | None = Field(
        default=None,
        description="Read again what changed since this time, e.g. 2026-01-31 or 2026-01-31T09:00:00Z (UTC "
        "where it names no other). Nested lists: what was created since then, or all that is below records "
        "that changed since then.",
    )
    until: str | None = Field(
        default=None,
        description="… and until this time; a date without a time means the end of that day.",
    )

    def options(self) -> SyncOptions:
        """The same, checked, with the look-backs that the environment sets.

        Raises:
            dg.Failure: where a time can't be understood, or they don't go together.
        """
        since, until = _instant("since", self.since), _instant("until", self.until)
        if since and until and since > until:
            raise dg.Failure(
                f"since: {self.since} comes after until: {self.until}. Swap them, or leave one of them out.",
                allow_retries=False,
            )
        if self.full_refresh and (since or until):
            raise dg.Failure(
                "full_refresh reads everything, since and until ask for a part of it: leave one of them out.",
                allow_retries=False,
            )
        if self.sweep and (since or until):
            raise dg.Failure(
                "sweep looks for what is gone in all of a list, since and until ask for a part of it: leave "
                "one of them out.",
                allow_retries=False,
            )
        if until and _is_date(self.until or ""):
            until += timedelta(days=1, microseconds=-1)
        return SyncOptions(
            full_refresh=self.full_refresh,
            sweep=self.sweep,
            since=since,
            until=until,
            **look_backs(),
        )


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
    total = Total(name=context.op_def.name.removeprefix("rootly_"))
    doubts: dict[str, str] = {}
    redacted_otherwise: list[str] = []
    try:
        client = rootly.client()
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
            on_progress=lambda progress: _tell(context, progress),
        ):
            total.add(outcome)
            _log(context, outcome, doubts)
            if _is_redacted_otherwise(outcome, client):
                redacted_otherwise.append(outcome.endpoint.table)
            if outcome.status is Status.FAILED:
                failed.append(outcome)
                yield from check_results(outcome)
            else:
                yield _result(outcome, warehouse)
    except (NotConfigured, RootlyError, SyncError, LoadError) as error:
        # Nothing of this step can go on: no token, no disk, no warehouse.
        # The client and the warehouse have waited for what may pass by itself.
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info(total.sentence())
    if redacted_otherwise:
        tables = sorted(redacted_otherwise)
        context.log.warning(
            f"Rows of {', '.join(tables)} were read under other rules of what to hide than those of now, and "
            "keep what these left in them. This reads them anew: "
            f"python -m rootly_assets sync --full-refresh {' '.join(tables)}"
        )
    if failed:
        raise _failure(failed, asked)


def _is_redacted_otherwise(outcome: Outcome, client: RootlyClient) -> bool:
    """Whether some rows of a table were redacted by other rules; links hold nothing to hide."""
    is_loaded = outcome.status is Status.LOADED and outcome.endpoint.links_to is None
    return is_loaded and outcome.after.redaction != client.redaction


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


class Total:
    """Adds up the outcomes of a step for its last line in the log."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = time.monotonic()
        self._lists = self._rows = self._new = self._changed = self._vanished = self._requests = 0

    def add(self, outcome: Outcome) -> None:
        """Count a list that was loaded."""
        if outcome.loaded is None or outcome.reading is None:
            return
        self._lists += 1
        self._rows += outcome.loaded.rows
        self._new += outcome.loaded.new
        self._changed += outcome.loaded.changed
        self._vanished += outcome.loaded.vanished
        self._requests += outcome.reading.usage.requests

    def sentence(self) -> str:
        """`incidents: 15 lists, 1,140 rows (12 new, …), 26 requests, 1.2 s`."""
        seconds = time.monotonic() - self._began
        return (
            f"{self._name.replace('_', ' ')}: {counted(self._lists, 'list')}, "
            f"{counted(self._rows, 'row')} "
            f"({self._new:,} new, {self._changed:,} changed, {self._vanished:,} vanished), "
            f"{counted(self._requests, 'request')}, {seconds:.1f} s"
        )


def _log(context: dg.AssetExecutionContext, outcome: Outcome, doubts: dict[str, str]) -> None:
    """Say what became of a list.

    Args:
        context: of the step.
        outcome: what became of it.
        doubts: tables by what was said of their doubts, to which this one's is added: one record may be the
            reason of a dozen, which is said once.
    """
    table, line = outcome.endpoint.table, materializations.sentence(outcome)
    match outcome.status:
        case Status.LOADED:
            context.log.debug(line)
            if outcome.doubt:
                first = doubts.setdefault(outcome.doubt.replace(table, "these"), table)
                said = (
                    outcome.doubt if first == table else f"in doubt for the same reason as {first}."
                )
                context.log.warning(f"{table}: {said}")
        case Status.NOT_PERMITTED:
            context.log.warning(line)
        case Status.FAILED:
            # The trace of a fault of ours belongs into the log; of a known error the sentence says it all.
            context.log.error(
                line, exc_info=outcome.error if isinstance(outcome.error, UnexpectedError) else None
            )


def _tell(context: dg.AssetExecutionContext, progress: Progress) -> None:
    """Show on the asset's page, while the run goes on, how far back a long list has come."""
    context.log.info(materializations.progress_sentence(progress))
    context.log_event(
        dg.AssetObservation(
            asset_key=asset_key(progress.endpoint),
            metadata=materializations.progress(progress),
        )
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


def _instant(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise dg.Failure(
            f"{name}: {text!r} is not a valid time. Write it like 2026-01-31 or 2026-01-31T09:00:00-08:00.",
            allow_retries=False,
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_date(text: str) -> bool:
    """Whether a time is a day without a time of it."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
