"""Asks for single records again whose children and links Rootly failed to give with a page of them."""

from collections.abc import Iterable
from threading import Lock

from rootly_assets.api import Forbidden, NotFound, Rejected, RootlyClient, Usage
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.unanswered import FAILURES
from rootly_assets.sync.walk import Walk
from rootly_assets.sync.walkers import Walkers


def read_by_themselves(
    client: RootlyClient,
    carrier: Endpoint,
    walk: Walk,
    before: Iterable[str],
    usage: Usage,
    walkers: Walkers,
) -> None:
    """Ask for single records with what comes along with them, where a page did not bring it.

    Args:
        client: where they are asked for.
        carrier: the list that they are in.
        walk: the pages; takes what comes.
        before: ids of those that failed in reads before, too.
        usage: what it costs is added here.
        walkers: make the requests.

    Raises:
        RootlyError: where it is not about single records.
        SyncError: where a landing file can't be written.
    """
    linkage, lock = walk.linkage, Lock()

    def ask(record: str) -> tuple[()]:
        own = Usage()
        try:
            page = client.single(carrier, record, walk.include, own)
        except NotFound:
            linkage.is_gone(record)
        except (*FAILURES, Forbidden, Rejected) as error:
            linkage.fails(record, error)
        else:
            linkage.is_asked_again(record)
            walk.land(page)
        finally:
            with lock:
                usage.add(own)
        return ()

    came = set(linkage.parents)
    walkers.side_by_side([*linkage.bare, *(each for each in before if each not in came)], ask)
