"""Reads the children of single parents by their own path, where pages did not prove that all came along."""

from collections.abc import Callable, Iterable
from threading import Lock

from rootly_assets.api import (
    Forbidden,
    NotFound,
    Rejected,
    RootlyError,
    Unauthorized,
)
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.reading.extract import Extract
from rootly_assets.sync.reading.linkage import Linkage
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.reading.unanswered_parents import FAILURES, MOST_IN_VAIN, check_few


def read_own_paths(
    requester: Requester,
    extract: Extract,
    before: Callable[[str], Iterable[str]],
) -> dict[str, Exception]:
    """Land what is below the parents in doubt, if their children have a path of their own.

    Args:
        requester: reads it.
        extract: what came along; parents whose children were read are in doubt no longer.
        before: parents that failed before, by table.

    Returns:
        By table, why its rows could not be read; their landing files are gone.

    Raises:
        Unauthorized: where the token is wrong, which no list survives.
        SyncError: where a landing file can't be written.
    """
    failed: dict[str, Exception] = {}
    for endpoint in extract.included:
        doubtful = extract.linkage.doubtful[endpoint.table]
        if not doubtful:
            continue
        landing = extract.landings[endpoint.table]
        try:
            if endpoint.has_own_path:
                _read_below(requester, endpoint, extract.linkage, landing)
            # Raises where they are too many to be remembered.
            extract.unread(endpoint, before(endpoint.table))
        except Unauthorized:
            raise
        except RootlyError as error:
            failed[endpoint.table] = error
            landing.remove()
    return failed


def _read_below(
    requester: Requester,
    endpoint: Endpoint,
    linkage: Linkage,
    landing: LandingFile,
) -> None:
    """Land the rows of a nested list below some parents; those that were read are taken out of these.

    A parent whose list is not found stays in doubt as one that refuses does: it has just come itself. If it was
    deleted since, its children are marked with it as soon as that is seen.
    """
    assert endpoint.parent is not None
    parameter = endpoint.parent.parameter
    doubtful, failing = linkage.doubtful[endpoint.table], linkage.failing[endpoint.table]
    at_first = len(doubtful)
    in_vain: set[str] = set()
    lock = Lock()

    def read(parent: str) -> tuple[()]:
        if len(in_vain) >= MOST_IN_VAIN and len(doubtful) == at_first:
            return ()  # it is the list: none of its parents answers
        reader = requester.client.pages(endpoint, path_params={parameter: parent})
        try:
            with requester.counted(reader) as pages:
                for page in pages:
                    landing.append(page.records, parent=parent)
                    requester.pool.go_on()
        except (Forbidden, NotFound, Rejected) as error:
            with lock:
                doubtful[parent] = str(error)
                in_vain.add(parent)
            return ()
        except FAILURES as error:
            with lock:
                doubtful[parent] = str(error)
                failing[parent] = error
                check_few(failing)
            return ()
        with lock:
            del doubtful[parent]
            failing.pop(parent, None)
        return ()

    requester.pool.side_by_side([each for each in doubtful if each], read)
