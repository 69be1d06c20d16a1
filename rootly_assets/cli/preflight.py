"""Looks, before Dagster starts, whether a job can run at all: what is wrong is said once, in a second."""

from rootly_assets.api import RootlyClient, RootlyError
from rootly_assets.catalogue import endpoint_of
from rootly_assets.executors import executor
from rootly_assets.settings import rootly_resource, time_zone
from rootly_assets.sync.errors import LoadError, SyncError
from rootly_assets.sync.recognition import ASKED_FOR, Recognition
from rootly_assets.warehouse.destination import warehouse
from rootly_assets.warehouse.interface import Warehouse


def obstacle(*, reads: bool) -> str | None:
    """What keeps a job from running, and the remedy; None where it can run.

    Args:
        reads: whether the job reads from Rootly. Settings, token and connection are tried by one request
            then, and by another whether it is the workspace of the rows that are there; the warehouse is tried
            in any case.
    """
    try:
        time_zone()
        executor()
        if not reads:
            with warehouse().kept_open():
                return None
        # Outside of a run, the names of variables still have to be replaced by their values.
        client = rootly_resource().process_config_and_initialize().client()
        client.server_now()
        _demand_recognition(client, warehouse())
    except (RootlyError, SyncError, LoadError) as error:
        return str(error)
    return None


def _demand_recognition(client: RootlyClient, there: Warehouse) -> None:
    with there.kept_open():
        if not there.states_at_once():
            return
        # Somebody may have dropped one.
        there.prepare(map(endpoint_of, ASKED_FOR))
        recognition = Recognition(client, there)
    recognition.demand()
