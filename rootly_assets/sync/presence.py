"""Whether a record is there itself, whatever became of what belongs to it."""

from rootly_assets.api import Forbidden, NotFound, Rejected, RootlyClient, Usage
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.unanswered import FAILURES


def single_path(endpoint: Endpoint) -> str:
    """The path of one record of a list, with `{id}` for its id."""
    return endpoint.single or f"{endpoint.path}/{{id}}"


def is_there(
    client: RootlyClient, path: str, record: str, usage: Usage, *, retries: int | None = None
) -> bool:
    """Whether a record is there; so is one that can't be asked for.

    Args:
        client: where it is asked for.
        path: of single records.
        record: its id.
        usage: what it costs is added here.
        retries: attempts after the first, if not as many as the settings say.
    """
    try:
        client.single(path, record, usage, retries=retries)
    except NotFound:
        return False
    except (Forbidden, Rejected, *FAILURES):
        pass  # it says nothing of whether it is there
    return True
