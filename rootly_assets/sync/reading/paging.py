"""Reads the pages that a plan asks for: one list, or those of many parents, side by side."""

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
)
from rootly_assets.catalogue import Endpoint, endpoint_of
from rootly_assets.sync.planning.below_parents import without
from rootly_assets.sync.planning.plan import Read
from rootly_assets.sync.reading.extract import Extract
from rootly_assets.sync.reading.latest import LatestChanges
from rootly_assets.sync.reading.moved_children import MOST_ASKED, land_moved
from rootly_assets.sync.reading.pieces import pieces
from rootly_assets.sync.reading.presence import is_there, single_path
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.reading.unanswered_parents import FAILURES


def read_pages(
    requester: Requester,
    carrier: Endpoint,
    extract: Extract,
    now: datetime,
) -> None:
    """Read everything that is planned.

    Args:
        requester: reads it.
        carrier: the list.
        extract: takes the pages.
        now: the present by the server's clock.

    Raises:
        NotByChange: where a list does not show the order in which its latest changes were asked for.
        RootlyError: where it can't be read completely.
        SyncError: where a landing file can't be written.
    """
    take = partial(_read_one, requester, carrier, extract, now)
    requester.pool.side_by_side(extract.planned.reads, take)
    is_there = partial(_is_there, requester, carrier)
    extract.unanswered.check(is_there)
    extract.unanswered.judge(is_there)
    if extract.planned.reads_latest:
        # In a list of one page nothing moves from one to another.
        is_whole = extract.pages == 1 and not extract.ended_early
        extract.planned = msgspec.structs.replace(extract.planned, sees_all=is_whole)
    if extract.planned.sees_all and extract.unanswered.news and not carrier.follows_parent:
        # What is gone below others may be below them now: it is marked when all are read again, the next time.
        extract.planned = msgspec.structs.replace(extract.planned, sees_all=False, parents=())
    extract.planned = without(extract.planned, extract.unanswered.unproven)
    extract.note = extract.unanswered.note
    if missing := extract.missing:
        if len(missing) > MOST_ASKED:
            extract.unanswered.check_news()  # they may be below one that failed
        parents, landing = frozenset(extract.planned.parents or ()), extract.landings[carrier.table]
        note, failing = land_moved(requester, carrier, missing, parents, landing)
        extract.note += note
        for parent, error in failing.items():
            extract.unanswered.note_failure(parent, error)
        extract.planned = without(extract.planned, failing.keys())


def _read_one(
    requester: Requester,
    carrier: Endpoint,
    extract: Extract,
    now: datetime,
    read: Read,
) -> Sequence[Read]:
    """Read to the end, or to what is known; or, where that would take long, say what it is cut into."""
    path = {carrier.parent.parameter: read.parent} if carrier.parent and read.parent else {}
    reader = requester.client.pages(
        carrier,
        {**read.params, "include": extract.include},
        path_params=path,
        after=read.after,
        unhurried=extract.planned.unhurried,
        # Once one has failed so, it is either all of them, or none that more patience helps; and the latest
        # changes can be had in another way.
        retries=FEW_RETRIES if read.again or read.until or extract.unanswered.failing else None,
        allowance=extract.allowance,
    )
    latest = LatestChanges(read.until) if read.until else None
    began = time.monotonic()
    is_first = True
    try:
        with requester.counted(reader) as pages:
            for page in pages:
                ends = latest is not None and latest.ends_with(page)
                if is_first:
                    is_first = False
                    extract.check_length(page)
                    seconds = time.monotonic() - began - pages.usage.seconds_waited
                    # A page of few, without what was to come along, says nothing of how long the list takes.
                    if page.bare is None and (cut := pieces(read, page, carrier, now, seconds)):
                        return cut
                extract.add(page, read)
                if ends:
                    extract.ended_early = True
                    break
                requester.pool.go_on()
    except (Forbidden, NotFound) as error:
        if read.parent is None:
            raise
        extract.unanswered.note_refusal(read.parent, error)
        if extract.unanswered.are_many:
            extract.unanswered.check(partial(_is_there, requester, carrier))
    except EndOutOfReach as error:
        if read.parent is None:
            raise
        extract.unanswered.note_unfinished(read.parent, error)
    except FAILURES as error:
        if read.parent is None:
            raise
        extract.unanswered.note_failure(read.parent, error)
    return ()


def _is_there(requester: Requester, nested: Endpoint, parent: str) -> bool:
    """Whether the record whose nested list was not found is there itself; so is one that can't be asked for."""
    above = endpoint_of(nested.parent.table) if nested.parent and nested.parent.table else None
    path = above and single_path(above)
    return path is None or path.count("{") > 1 or is_there(requester, path, parent)
