"""Reads the children of single parents by their own path, where pages did not prove that all came along."""

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
from rootly_assets.sync.walk import Walk
from rootly_assets.sync.walkers import Walkers


def resolve(
    client: RootlyClient, walk: Walk, usage: Usage, walkers: Walkers
) -> dict[str, Exception]:
    """Land what is below the parents in doubt, if their children have a path of their own.

    Args:
        client: where it is read.
        walk: what came along; parents whose children were read are in doubt no longer.
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
        if not doubtful or not endpoint.has_own_path:
            continue
        landing = walk.landings[endpoint.table]
        try:
            _read_below(client, endpoint, doubtful, landing, usage, walkers)
        except Unauthorized:
            raise
        except RootlyError as error:
            failed[endpoint.table] = error
            landing.remove()
    return failed


def _read_below(
    client: RootlyClient,
    endpoint: Endpoint,
    doubtful: dict[str, str],
    landing: LandingFile,
    usage: Usage,
    walkers: Walkers,
) -> None:
    """Land the rows of a nested list below some parents; those that were read are taken out of these."""
    assert endpoint.parent is not None
    parameter = endpoint.parent.parameter
    lock = Lock()

    def read(parent: str) -> tuple[()]:
        pages = client.pages(endpoint, path_params={parameter: parent})
        try:
            for page in pages:
                landing.append(page.records, parent=parent)
        except NotFound:
            pass  # it was deleted meanwhile, and has no children any more
        except (Forbidden, Rejected) as error:
            with lock:
                doubtful[parent] = str(error)
            return ()
        finally:
            with lock:
                usage.add(pages.usage)
        with lock:
            del doubtful[parent]
        return ()

    walkers.side_by_side([each for each in doubtful if each], read)
