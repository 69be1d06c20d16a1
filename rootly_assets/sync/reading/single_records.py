"""Asks for single records again whose children and links Rootly failed to give with a page of them."""

from collections.abc import Iterable

from rootly_assets.api import (
    FEW_RETRIES,
    Forbidden,
    IncompleteRead,
    NotFound,
    Rejected,
)
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.reading.extract import Extract
from rootly_assets.sync.reading.presence import is_there, single_path
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.reading.unanswered_parents import FAILURES

_LACKS = "{}/{} came without its linkage: nobody knows what belongs to it."


def read_single_records(
    requester: Requester,
    carrier: Endpoint,
    extract: Extract,
    before: Iterable[str],
) -> None:
    """Ask for single records with what comes along with them, where a page did not bring it.

    Args:
        requester: asks for them.
        carrier: the list that they are in.
        extract: the pages; takes what comes.
        before: ids of those that failed in reads before, too.

    Raises:
        Unavailable, BrokenBody: where nothing came along with any record, one of which had not failed before.
        SyncError: where a landing file can't be written.
    """
    linkage = extract.linkage
    path = single_path(carrier)
    came, bare = set(linkage.parents), linkage.bare

    def ask(record: str) -> tuple[()]:
        try:
            page = requester.single(path, record, include=extract.include, retries=FEW_RETRIES)
        except NotFound as error:
            # It may be what is to come along that is not found. What has just come is there.
            if record in bare or is_there(requester, path, record, retries=FEW_RETRIES):
                linkage.note_failure(record, error)
            else:
                linkage.note_gone(record)
        except (*FAILURES, Forbidden, Rejected) as error:
            linkage.note_failure(record, error)
        else:
            linkage.forget_failure(record)
            extract.land(page)
            linkage.note_lasting_failure(
                record, IncompleteRead(_LACKS.format(carrier.path, record))
            )
        return ()

    if not came and (news := sorted(bare.difference(before))):
        why = linkage.fault(news[0])
        requester.pool.side_by_side(news[:1], ask)
        if news[0] in linkage.bare:
            raise why
    left = linkage.bare | {*before}
    requester.pool.side_by_side(sorted(left.difference(linkage.parents)), ask)
