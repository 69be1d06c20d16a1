"""Finds out which includes a server refuses, or can't answer in time, so that the others can be read."""

from collections.abc import Mapping, Sequence

import msgspec

from rootly_assets.api import (
    BrokenBody,
    Forbidden,
    NotFound,
    Rejected,
    Unavailable,
)
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.planning.plan import Read
from rootly_assets.sync.reading.extract import Extract
from rootly_assets.sync.reading.requester import Requester

# How a server refuses what is to come along. Rootly's words for 404 are "Not found or unauthorized".
REFUSALS = (Rejected, Forbidden, NotFound)


def refused_includes(
    requester: Requester,
    carrier: Endpoint,
    error: Exception,
    extract: Extract,
) -> Mapping[str, Exception]:
    """Tables that are not to come along, with the reason; none where that is not what went wrong.

    Args:
        requester: asks for each of them alone.
        carrier: whose pages were read.
        error: how it ended.
        extract: what was to be read, and how far it came.
    """
    included = extract.included
    if not included:
        return {}
    if isinstance(error, Unavailable | BrokenBody):
        # Not even a small page came in time: the lists themselves may do.
        return dict.fromkeys((each.table for each in included), error)
    if extract.pages:
        return {}
    refused = _each_alone(requester, carrier, included, extract.planned.reads[0])
    if len(refused) == len(included) and isinstance(error, Forbidden | NotFound):
        return {}  # it is the list itself that is out of reach
    # Where each alone is accepted, it is the number of them that is refused.
    return refused or dict.fromkeys((each.table for each in included[1:] or included), error)


def still_refused(
    requester: Requester, carrier: Endpoint, behind: Sequence[Endpoint]
) -> Mapping[str, Exception]:
    """Tables that have fallen behind those that they come along with, and that still don't come.

    Args:
        requester: asks for all of them with one request, and only if that fails for each alone.
        carrier: whose pages bring them.
        behind: the tables.
    """
    try:
        _ask(requester, carrier, behind, Read())
    except REFUSALS as error:
        if len(behind) == 1:
            return {behind[0].table: error}
        return _each_alone(requester, carrier, behind, Read())
    except (Unavailable, BrokenBody) as error:
        return dict.fromkeys((each.table for each in behind), error)
    return {}


def _each_alone(
    requester: Requester,
    carrier: Endpoint,
    included: Sequence[Endpoint],
    read: Read,
) -> dict[str, Exception]:
    refused: dict[str, Exception] = {}
    for endpoint in included:
        try:
            _ask(requester, carrier, [endpoint], read)
        except REFUSALS as why:
            refused[endpoint.table] = why
    return refused


def _ask(
    requester: Requester,
    carrier: Endpoint,
    included: Sequence[Endpoint],
    read: Read,
) -> None:
    """Ask for one record and what comes along with it."""
    one = msgspec.structs.replace(carrier, pages=msgspec.structs.replace(carrier.pages, max_size=1))
    include = ",".join(dict.fromkeys(each.relationship or "" for each in included))
    reader = requester.client.pages(one, {**read.params, "include": include}, after=read.after)
    with requester.counted(reader) as pages:
        page = next(pages, None)
    if page is not None and page.bare is not None:
        raise page.bare
