"""Looks, before Dagster starts, whether a job can run at all: what is wrong is said once, in a second."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import dagster as dg

from rootly_assets import settings
from rootly_assets.api import RootlyClient, RootlyError
from rootly_assets.assets.sync_config import SyncConfig
from rootly_assets.catalogue import endpoint_of, readable
from rootly_assets.cli.dagster_home import check_home
from rootly_assets.errors import NotConfigured
from rootly_assets.executors import executor
from rootly_assets.installation import command, python
from rootly_assets.sync.errors import LoadError, SyncError
from rootly_assets.sync.recognition import ASKED_FOR, Recognition
from rootly_assets.warehouse.destination import warehouse
from rootly_assets.warehouse.interface import Warehouse


def check(config: dict[str, Any], tables: Sequence[str] = ()) -> None:
    """Look at what the environment says, and at what a run is asked for; nothing is tried.

    Args:
        config: what every step that reads lists is asked for, by its names in run config.
        tables: those that are asked for.

    Raises:
        NotConfigured: some of it is invalid.
    """
    settings.check()
    check_home()
    executor()
    try:
        SyncConfig(**config).options()
    except dg.Failure as error:
        raise NotConfigured(error.description or "") from error
    known = sorted(endpoint.table for endpoint in settings.lists())
    for name in tables:
        if name not in known:
            raise NotConfigured(f"There is no table {name!r} that is read.{_hint(name, known)}")


def _hint(name: str, known: Sequence[str]) -> str:
    if name in (each.table for each in readable()):
        return f" Its list is optional: add it to ROOTLY_OPTIONAL_LISTS, like ROOTLY_OPTIONAL_LISTS={name}."
    near = " or ".join(get_close_matches(name, known, n=2))
    meant = f" Do you mean {near}?" if near else ""
    return f"{meant} `{python('rootly_assets.catalogue list')}` shows them all."


def obstacle(*, reads: bool) -> str | None:
    """What keeps a job from running, and the remedy; None where it can run.

    Args:
        reads: whether the job reads from Rootly. Token and connection are tried by one request then, and by
            another whether it is the workspace of the rows that are there. Otherwise something has to be there
            already. The warehouse is tried in any case.
    """
    try:
        if not reads:
            # To open a file makes it, and the dashboard would show that in place of the sample.
            if settings.destination() == "duckdb" and not settings.database_path().exists():
                return _nothing_read()
            there = warehouse()
            with there.kept_open():
                return None if there.states_at_once() else _nothing_read()
        client = settings.outside_of_runs(settings.rootly_resource()).client()
        client.server_now()
        _demand_recognition(client, warehouse())
    except (NotConfigured, RootlyError, SyncError, LoadError) as error:
        return str(error)
    return None


def _nothing_read() -> str:
    return f"Nothing has been read yet: {command('sync')} first, or {command('refresh')} for both."


def _demand_recognition(client: RootlyClient, there: Warehouse) -> None:
    with there.kept_open():
        if not there.states_at_once():
            return
        # Somebody may have dropped one.
        there.prepare(map(endpoint_of, ASKED_FOR))
        recognition = Recognition(client, there)
    recognition.demand()
