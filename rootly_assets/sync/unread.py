"""Asks for single records again whose children and links Rootly failed to give with a page of them."""

from collections.abc import Iterable
from threading import Lock

from rootly_assets.api import (
    FEW_RETRIES,
    Forbidden,
    IncompleteRead,
    NotFound,
    Rejected,
    RootlyClient,
    Usage,
)
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.presence import is_there, single_path
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
    path = single_path(carrier)
    came, bare = set(linkage.parents), linkage.bare

    def ask(record: str) -> tuple[()]:
        own = Usage()
        try:
            page = client.single(path, record, own, include=walk.include, retries=FEW_RETRIES)
        except NotFound as error:
            # It may be what is to come along that is not found. What has just come is there.
            if record in bare or is_there(client, path, record, own, retries=FEW_RETRIES):
                linkage.note_failure(record, error)
            else:
                linkage.note_gone(record)
        except (*FAILURES, Forbidden, Rejected) as error:
            linkage.note_failure(record, error)
        else:
            linkage.forget_failure(record)
            walk.land(page)
            linkage.note_lasting_failure(
                record, IncompleteRead(_LACKS.format(carrier.path, record))
            )
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
