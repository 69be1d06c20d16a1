"""Looks, before Dagster starts, whether a job can run at all: what is wrong is said once, in a second."""

from rootly_assets.api import RootlyError
from rootly_assets.executors import executor
from rootly_assets.settings import rootly_resource, time_zone
from rootly_assets.sync.errors import LoadError
from rootly_assets.warehouse.destination import warehouse


def obstacle(*, reads: bool) -> str | None:
    """What keeps a job from running, and the remedy; None where it can run.

    Args:
        reads: whether the job reads from Rootly. Settings, token and connection are tried by one request
            then; the warehouse is tried in any case.
    """
    try:
        time_zone()
        executor()
        if reads:
            # Outside of a run, the names of variables still have to be replaced by their values.
            rootly_resource().process_config_and_initialize().client().server_now()
        with warehouse().kept_open():
            return None
    except (RootlyError, LoadError) as error:
        return str(error)
