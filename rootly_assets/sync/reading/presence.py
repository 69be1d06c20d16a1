"""Whether a record is there itself, whatever became of what belongs to it."""

from rootly_assets.api import Forbidden, NotFound, Rejected
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.reading.unanswered_parents import FAILURES


def single_path(endpoint: Endpoint) -> str:
    """The path of one record of a list, with `{id}` for its id."""
    return endpoint.single or f"{endpoint.path}/{{id}}"


def is_there(requester: Requester, path: str, record: str, *, retries: int | None = None) -> bool:
    """Whether a record is there; so is one that can't be asked for.

    Args:
        requester: asks for it.
        path: of single records.
        record: its id.
        retries: attempts after the first, if not as many as the settings say.
    """
    try:
        requester.single(path, record, retries=retries)
    except NotFound:
        return False
    except (Forbidden, Rejected, *FAILURES):
        pass  # it says nothing of whether it is there
    return True
