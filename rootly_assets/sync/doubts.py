"""Reads the children of single parents by their own path, where pages did not prove that all came along."""

from collections.abc import Callable, Iterable
from threading import Lock

from rootly_assets.api import (
    Forbidden,
    NotFound,
    Rejected,
    RootlyClient,
    RootlyError,
    Unauthorized,
    Usage,
)
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.linkage import Linkage
from rootly_assets.sync.unanswered import FAILURES, MOST_IN_VAIN, check_few
from rootly_assets.sync.walk import Walk
from rootly_assets.sync.walkers import Walkers


def resolve(
    client: RootlyClient,
    walk: Walk,
    before: Callable[[str], Iterable[str]],
    usage: Usage,
    walkers: Walkers,
) -> dict[str, Exception]:
    """Land what is below the parents in doubt, if their children have a path of their own.

    Args:
        client: where it is read.
        walk: what came along; parents whose children were read are in doubt no longer.
        before: parents that failed before, by table.
        usage: what it costs is added here.
        walkers: make the requests.

    Returns:
        By table, why its rows could not be read; their landing files are gone.

    Raises:
        Unauthorized: where the token is wrong, which no list survives.
        SyncError: where a landing file can't be written.
    """
    failed: dict[str, Exception] = {}
    for endpoint in walk.included:
        doubtful = walk.linkage.doubtful[endpoint.table]
        if not doubtful:
            continue
        landing = walk.landings[endpoint.table]
        try:
            if endpoint.has_own_path:
                _read_below(client, endpoint, walk.linkage, landing, usage, walkers)
            # Raises where they are too many to be remembered.
            walk.unread(endpoint, before(endpoint.table))
        except Unauthorized:
            raise
        except RootlyError as error:
            failed[endpoint.table] = error
            landing.remove()
    return failed


def _read_below(
    client: RootlyClient,
    endpoint: Endpoint,
    linkage: Linkage,
    landing: LandingFile,
    usage: Usage,
    walkers: Walkers,
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
        pages = client.pages(endpoint, path_params={parameter: parent})
        try:
            for page in pages:
                landing.append(page.records, parent=parent)
                walkers.go_on()
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
        finally:
            with lock:
                usage.add(pages.usage)
        with lock:
            del doubtful[parent]
            failing.pop(parent, None)
        return ()

    walkers.side_by_side([each for each in doubtful if each], read)
