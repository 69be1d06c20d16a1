"""Asks for single records again whose children and links Rootly failed to give with a page of them."""

from collections.abc import Iterable
from threading import Lock

from rootly_assets.api import (
    Forbidden,
    IncompleteRead,
    NotFound,
    Rejected,
    RootlyClient,
    Usage,
)
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.unanswered import FAILURES
from rootly_assets.sync.walk import Walk
from rootly_assets.sync.walkers import Walkers

_LACKS = "{}/{} came without its linkage: nobody knows what belongs to it."


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
        Unavailable, BrokenBody: where nothing came along with any record, one of which had not failed before.
        SyncError: where a landing file can't be written.
    """
    linkage, lock = walk.linkage, Lock()
    came, bare = set(linkage.parents), linkage.bare

    def ask(record: str) -> tuple[()]:
        own = Usage()
        try:
            page = client.single(carrier, record, walk.include, own)
        except NotFound as error:
            # It may be what is to come along that is not found. What has just come is there.
            if record in bare or _is_there(client, carrier, record, own):
                linkage.fails(record, error)
            else:
                linkage.is_gone(record)
        except (*FAILURES, Forbidden, Rejected) as error:
            linkage.fails(record, error)
        else:
            linkage.is_asked_again(record)
            walk.land(page)
            linkage.stays_failing(record, IncompleteRead(_LACKS.format(carrier.path, record)))
        finally:
            with lock:
                usage.add(own)
        return ()

    if not came and (news := sorted(bare.difference(before))):
        why = linkage.fault(news[0])
        walkers.side_by_side(news[:1], ask)
        if news[0] in linkage.bare:
            raise why
    left = linkage.bare | {*before}
    walkers.side_by_side(sorted(left.difference(linkage.parents)), ask)


def _is_there(client: RootlyClient, carrier: Endpoint, record: str, usage: Usage) -> bool:
    """Whether a record is there without what is to come along; so is one that can't be asked for."""
    try:
        client.single(carrier, record, "", usage)
    except NotFound:
        return False
    except (*FAILURES, Forbidden, Rejected):
        pass  # it says nothing of whether it is there
    return True
