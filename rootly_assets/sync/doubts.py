"""Reads the children of single parents by their own path, where pages did not prove that all came along."""

from threading import Lock

from rootly_assets.api import Forbidden, NotFound, Rejected, RootlyClient, Usage
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.walkers import Walkers


def read_below(
    client: RootlyClient,
    endpoint: Endpoint,
    doubtful: dict[str, str],
    landing: LandingFile,
    usage: Usage,
    walkers: Walkers,
) -> None:
    """Land the rows of a nested list that are below some parents.

    Args:
        client: where they are read.
        endpoint: the list.
        doubtful: the parents, with the reason; those whose rows were read are taken out.
        landing: takes the rows.
        usage: what it costs is added here.
        walkers: make the requests.

    Raises:
        RootlyError: where a list can't be read completely.
        SyncError: where the landing file can't be written.
    """
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
