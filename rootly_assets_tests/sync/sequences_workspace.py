"""A workspace with a company's records but without the company: only what a test does happens in it."""

import copy
from datetime import UTC, datetime, timedelta
from functools import cache

from rootly_assets.sandbox import Workspace
from rootly_assets.sandbox.record import Record

# What the sandbox holds depends on its clock: the same on every day that this runs.
NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)


@cache
def _company() -> Workspace:
    return Workspace.build(incidents=12, now=NOW, history=timedelta(days=60))


def quiet_workspace() -> Workspace:
    """A fresh copy of the records, on a clock that moves nothing but itself.

    The company would stumble over records that others changed or deleted.
    """
    quiet = Workspace(seed=7, now=NOW)
    for type_ in _company().types():
        for record in _company().records(type_):
            quiet.add(
                Record(
                    record.type,
                    record.id,
                    dict(record.attributes),
                    relationships=record.relationships,
                    parents=record.parents,
                    links=copy.deepcopy(record.links),
                )
            )
    return quiet
