"""Walks through the pages that a plan asks for: one list, or those of many parents, side by side."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec

from rootly_assets.api import (
    FEW_RETRIES,
    EndOutOfReach,
    Forbidden,
    NotFound,
    RootlyClient,
    Usage,
)
from rootly_assets.catalogue import Endpoint, endpoint_of
from rootly_assets.sync.pieces import pieces
from rootly_assets.sync.plan import Read, without
from rootly_assets.sync.presence import is_there, single_path
from rootly_assets.sync.unanswered import FAILURES
from rootly_assets.sync.vanished import MOST_ASKED, land_moved
from rootly_assets.sync.walk import Walk
from rootly_assets.sync.walkers import Walkers


def walk_through(
    client: RootlyClient,
    carrier: Endpoint,
    walk: Walk,
    usage: Usage,
    walkers: Walkers,
    now: datetime,
) -> None:
    """Read everything that is planned.

    Args:
        client: where the list is read.
        carrier: the list.
        walk: takes the pages.
        usage: what it costs is added here.
        walkers: make the requests.
        now: the present by the server's clock.

    Raises:
        RootlyError: where it can't be read completely.
        SyncError: where a landing file can't be written.
    """
    take = partial(_walk_one, client, carrier, walk, usage, walkers, now)
    walkers.side_by_side(walk.planned.reads, take)
    is_there = partial(_is_there, client, carrier, usage)
    walk.unanswered.check(is_there)
    walk.unanswered.judge(is_there)
    if walk.planned.sees_all and walk.unanswered.news and not carrier.follows_parent:
        # What is gone below others may be below them now: it is marked when all are read again, the next time.
        walk.planned = msgspec.structs.replace(walk.planned, sees_all=False, parents=())
    walk.planned = without(walk.planned, walk.unanswered.unproven)
    walk.note = walk.unanswered.note
    if missing := walk.missing:
        if len(missing) > MOST_ASKED:
            walk.unanswered.check_news()  # they may be below one that failed
        parents, landing = frozenset(walk.planned.parents or ()), walk.landings[carrier.table]
        note, failing = land_moved(client, carrier, missing, parents, landing, usage, walkers)
        walk.note += note
        for parent, error in failing.items():
            walk.unanswered.note_failure(parent, error)
        walk.planned = without(walk.planned, failing.keys())


def _walk_one(
    client: RootlyClient,
    carrier: Endpoint,
    walk: Walk,
    usage: Usage,
    walkers: Walkers,
    now: datetime,
    read: Read,
) -> Sequence[Read]:
    """Read to the end; or, where the first page shows that this would take long, what it is cut into."""
    path = {carrier.parent.parameter: read.parent} if carrier.parent and read.parent else {}
    pages = client.pages(
        carrier,
        {**read.params, "include": walk.include},
        path_params=path,
        after=read.after,
        unhurried=walk.planned.unhurried,
        # Once one has failed so, it is either all of them, or none that more patience helps.
        retries=FEW_RETRIES if read.again or walk.unanswered.failing else None,
        allowance=walk.allowance,
    )
    began = time.monotonic()
    is_first = True
    try:
        for page in pages:
            if is_first:
                is_first = False
                walk.check_length(page)
                seconds = time.monotonic() - began - pages.usage.seconds_waited
                # A page of few, without what was to come along, says nothing of how long the list takes.
                if page.bare is None and (cut := pieces(read, page, carrier, now, seconds)):
                    return cut
            walk.add(page, read)
            walkers.go_on()
    except (Forbidden, NotFound) as error:
        if read.parent is None:
            raise
        walk.unanswered.note_refusal(read.parent, error)
        if walk.unanswered.are_many:
            walk.unanswered.check(partial(_is_there, client, carrier, usage))
    except EndOutOfReach as error:
        if read.parent is None:
            raise
        walk.unanswered.note_unfinished(read.parent, error)
    except FAILURES as error:
        if read.parent is None:
            raise
        walk.unanswered.note_failure(read.parent, error)
    finally:
        with walk.lock:
            usage.add(pages.usage)
    return ()


def _is_there(client: RootlyClient, nested: Endpoint, usage: Usage, parent: str) -> bool:
    """Whether the record whose nested list was not found is there itself; so is one that can't be asked for."""
    above = endpoint_of(nested.parent.table) if nested.parent and nested.parent.table else None
    path = above and single_path(above)
    return path is None or path.count("{") > 1 or is_there(client, path, parent, usage)
