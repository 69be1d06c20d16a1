"""Finds out which includes a server refuses, or can't answer in time, so that the others can be read."""

from collections.abc import Mapping

from rootly_assets.api import BrokenBody, Forbidden, Rejected, RootlyClient, Unavailable, Usage
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.walk import Walk


def refused_includes(
    client: RootlyClient,
    carrier: Endpoint,
    error: Exception,
    walk: Walk,
    usage: Usage,
) -> Mapping[str, str]:
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
        return {each.table: str(error) for each in included}
    if walk.pages:
        return {}
    refused: dict[str, str] = {}
    first = walk.planned.reads[0]
    for endpoint in included:
        params = {**first.params, "include": endpoint.relationship or ""}
        pages = client.pages(carrier, params, after=first.after)
        try:
            next(pages, None)
        except (Rejected, Forbidden) as why:
            refused[endpoint.table] = str(why)
        finally:
            usage.add(pages.usage)
    if len(refused) == len(included) and isinstance(error, Forbidden):
        return {}  # it is the list itself that is out of reach
    # Where each alone is accepted, it is the number of them that is refused.
    return refused or {each.table: str(error) for each in included[1:] or included}
