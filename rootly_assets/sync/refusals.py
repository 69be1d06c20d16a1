"""Finds out which includes a server refuses, or can't answer in time, so that the others can be read."""

from collections.abc import Mapping, Sequence

import msgspec

from rootly_assets.api import (
    BrokenBody,
    Forbidden,
    NotFound,
    Rejected,
    RootlyClient,
    Unavailable,
    Usage,
)
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.plan import Read
from rootly_assets.sync.walk import Walk

# How a server refuses what is to come along. Rootly's words for 404 are "Not found or unauthorized".
REFUSALS = (Rejected, Forbidden, NotFound)


def refused_includes(
    client: RootlyClient,
    carrier: Endpoint,
    error: Exception,
    walk: Walk,
    usage: Usage,
) -> Mapping[str, Exception]:
    """Tables that are not to come along, with the reason; none where that is not what went wrong.

    Args:
        client: asks for each of them alone.
        carrier: whose pages were read.
        error: how it ended.
        walk: what was to be read, and how far it came.
        usage: what asking costs is added here.
    """
    included = walk.included
    if not included:
        return {}
    if isinstance(error, Unavailable | BrokenBody):
        # Not even a small page came in time: the lists themselves may do.
        return dict.fromkeys((each.table for each in included), error)
    if walk.pages:
        return {}
    refused = _each_alone(client, carrier, included, walk.planned.reads[0], usage)
    if len(refused) == len(included) and isinstance(error, Forbidden | NotFound):
        return {}  # it is the list itself that is out of reach
    # Where each alone is accepted, it is the number of them that is refused.
    return refused or dict.fromkeys((each.table for each in included[1:] or included), error)


def still_refused(
    client: RootlyClient, carrier: Endpoint, behind: Sequence[Endpoint], usage: Usage
) -> Mapping[str, Exception]:
    """Tables that have fallen behind those that they come along with, and that still don't come.

    Args:
        client: asks for all of them with one request, and only if that fails for each alone.
        carrier: whose pages bring them.
        behind: the tables.
        usage: what asking costs is added here.
    """
    try:
        _ask(client, carrier, behind, Read(), usage)
    except REFUSALS as error:
        if len(behind) == 1:
            return {behind[0].table: error}
        return _each_alone(client, carrier, behind, Read(), usage)
    except (Unavailable, BrokenBody) as error:
        return dict.fromkeys((each.table for each in behind), error)
    return {}


def _each_alone(
    client: RootlyClient,
    carrier: Endpoint,
    included: Sequence[Endpoint],
    read: Read,
    usage: Usage,
) -> dict[str, Exception]:
    refused: dict[str, Exception] = {}
    for endpoint in included:
        try:
            _ask(client, carrier, [endpoint], read, usage)
        except REFUSALS as why:
            refused[endpoint.table] = why
    return refused


def _ask(
    client: RootlyClient,
    carrier: Endpoint,
    included: Sequence[Endpoint],
    read: Read,
    usage: Usage,
) -> None:
    """Ask for one record and what comes along with it."""
    one = msgspec.structs.replace(carrier, pages=msgspec.structs.replace(carrier.pages, max_size=1))
    include = ",".join(dict.fromkeys(each.relationship or "" for each in included))
    pages = client.pages(one, {**read.params, "include": include}, after=read.after)
    try:
        page = next(pages, None)
    finally:
        usage.add(pages.usage)
    if page is not None and page.bare is not None:
        raise page.bare
