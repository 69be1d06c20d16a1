"""Reads one list into a landing file, as planned, and says what it took."""

import time
from datetime import datetime

import msgspec

from rootly_assets.api import NotFound, Rejected, RootlyClient, Usage
from rootly_assets.catalogue import Endpoint, Strategy
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.parents import Parents
from rootly_assets.sync.plan import CHANGE_FILTERS, Plan, Read, SyncOptions, changed_since, plan
from rootly_assets.sync.state import TableState


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run over several lists.

    Attributes:
        id: names it in the state of the tables that it brings up to date.
        began: the server's clock when it began: the watermark of everything that it reads.
        at: this machine's clock when it began: the time that its rows are marked with.
    """

    id: str
    began: datetime
    at: datetime


class Reading(msgspec.Struct, kw_only=True):
    """What reading a list took.

    Attributes:
        why: what was read, in a few words.
        usage: requests, bytes, retries, seconds waited, rate limit left.
        seconds: wall time.
        total_count: how many rows the list says it has, for what was asked; None where it doesn't say.
    """

    why: str
    usage: Usage
    seconds: float
    total_count: int | None


def read(
    client: RootlyClient,
    endpoint: Endpoint,
    state: TableState,
    options: SyncOptions,
    landing: LandingFile,
    run: Run,
    parents: Parents | None = None,
) -> tuple[Batch, Reading]:
    """Read what the plan asks for; the batch still has to be loaded.

    Args:
        client: where the list is read.
        endpoint: the list.
        state: how far its table has been read.
        options: what the run asks for.
        landing: takes the records; closed afterwards.
        run: the run that this is part of.
        parents: for nested lists: the records whose lists are read.

    Raises:
        RootlyError: where the list can't be read completely; the landing file is worth nothing then.
        SyncError: where the landing file can't be written.
    """
    usage = Usage()
    began = time.monotonic()
    planned = plan(endpoint, state, options, run.began, parents)
    try:
        walk = _walk(client, endpoint, planned, landing, usage)
    except Rejected:
        if not any(each.after for each in planned.reads) or state.watermark is None:
            raise
        # The cursor is no longer accepted: the feed goes on from the time it stood for.
        planned = changed_since(CHANGE_FILTERS[Strategy.STREAM], state.watermark - options.overlap)
        walk = _walk(client, endpoint, planned, landing, usage)
    landing.close()
    reading = Reading(
        why=planned.why,
        usage=usage,
        seconds=time.monotonic() - began,
        total_count=walk.total_count,
    )
    batch = Batch(
        endpoint=endpoint,
        landing=landing,
        sees_all=planned.sees_all,
        window=planned.window,
        parents=planned.parents,
        state=_state_after(state, planned, walk, run),
    )
    return batch, reading


class _Walk(msgspec.Struct, kw_only=True):
    cursor: str | None = None
    total_count: int | None = None


def _walk(
    client: RootlyClient, endpoint: Endpoint, planned: Plan, landing: LandingFile, usage: Usage
) -> _Walk:
    walk = _Walk()
    for each in planned.reads:
        path = _path_params(endpoint, each)
        pages = client.pages(endpoint, each.params, path_params=path, after=each.after)
        try:
            for page in pages:
                landing.append((bytes(record) for record in page.records), parent=each.parent)
                if page.meta is not None:
                    walk.cursor = page.meta.next_cursor or walk.cursor
                    walk.total_count = page.meta.total_count
        except NotFound:
            # The parent was deleted after its own list was read: it has no children any more.
            if each.parent is None:
                raise
        finally:
            _add(usage, pages.usage)
    return walk


def _path_params(endpoint: Endpoint, each: Read) -> dict[str, str]:
    if endpoint.parent is None or each.parent is None:
        return {}
    return {endpoint.parent.parameter: each.parent}


def _add(total: Usage, part: Usage) -> None:
    total.requests += part.requests
    total.bytes += part.bytes
    total.retries += part.retries
    total.seconds_waited += part.seconds_waited
    if part.rate_limit_left is not None:
        total.rate_limit_left = part.rate_limit_left


def _state_after(before: TableState, planned: Plan, walk: _Walk, run: Run) -> TableState:
    now = run.began
    if not planned.moves_watermark:
        return msgspec.structs.replace(before, loaded_at=run.at, run_id=run.id)
    return TableState(
        table_name=before.table_name,
        watermark=now,
        cursor=walk.cursor or before.cursor,
        synced_at=now,
        whole_at=now if planned.sees_all else before.whole_at,
        loaded_at=run.at,
        run_id=run.id,
    )
