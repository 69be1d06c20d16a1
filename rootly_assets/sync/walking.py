"""Walks through the pages that a plan asks for: one list, or those of many parents side by side."""

from concurrent.futures import ThreadPoolExecutor

from rootly_assets.api import NotFound, RootlyClient, Usage
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.plan import Read
from rootly_assets.sync.walk import Walk


def walk_through(
    client: RootlyClient, carrier: Endpoint, walk: Walk, usage: Usage, walkers: ThreadPoolExecutor
) -> None:
    """Read everything that is planned.

    Args:
        client: where the list is read.
        carrier: the list.
        walk: takes the pages.
        usage: what it costs is added here.
        walkers: reads several lists side by side.

    Raises:
        RootlyError: where it can't be read completely.
        SyncError: where a landing file can't be written.
    """
    reads = walk.planned.reads
    if len(reads) == 1:
        _walk_one(client, carrier, walk, usage, reads[0])
        return
    walks = [walkers.submit(_walk_one, client, carrier, walk, usage, each) for each in reads]
    try:
        for each in walks:
            each.result()
    finally:
        for each in walks:
            each.cancel()


def _walk_one(
    client: RootlyClient, carrier: Endpoint, walk: Walk, usage: Usage, read: Read
) -> None:
    path = {carrier.parent.parameter: read.parent} if carrier.parent and read.parent else {}
    include = ",".join(dict.fromkeys(each.relationship or "" for each in walk.included))
    pages = client.pages(
        carrier,
        {**read.params, "include": include},
        path_params=path,
        after=read.after,
        unhurried=walk.planned.unhurried,
    )
    try:
        for page in pages:
            walk.add(page, read)
    except NotFound:
        # The parent was deleted after its own list was read: it has no children any more.
        if read.parent is None:
            raise
    finally:
        with walk.lock:
            usage.add(pages.usage)
