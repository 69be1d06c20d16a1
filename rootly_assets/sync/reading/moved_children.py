"""Asks for children that vanished from their parents' lists by their id: most are gone, some have moved.

A parent that gives no sign is not asked for its children, so that a child which moved below it would be taken
for deleted.
"""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from rootly_assets.api import Forbidden, NotFound, Rejected, RootlyError
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.reading.unanswered_parents import FAILURES

# Each is a request. More of them at once are a clean-up, or a parent that is gone with all that was in it.
MOST_ASKED = 50


class _Child(msgspec.Struct):
    id: str | int
    attributes: dict[str, Any] = {}


_child = msgspec.json.Decoder(_Child)


def land_moved(
    requester: Requester,
    endpoint: Endpoint,
    missing: Mapping[str, str],
    parents: Collection[str],
    landing: LandingFile,
) -> tuple[str, Mapping[str, RootlyError]]:
    """Land those of the missing rows that are below another parent now.

    Args:
        requester: asks for them.
        endpoint: their list, which has a path for a single row.
        missing: their ids, with those of their parents.
        parents: whose lists they are missing from: those are right, whatever a single row says.
        landing: takes the rows.

    Returns:
        What was done, in a few words, and how parents failed one of whose children could not be asked for.

    Raises:
        SyncError: where the landing file can't be written.
    """
    if len(missing) > MOST_ASKED:
        return f"; {len(missing)} vanished, too many to ask where they went", {}
    assert endpoint.single is not None
    assert endpoint.parent is not None
    parameter = endpoint.parent.parameter
    path = endpoint.single
    failing: dict[str, RootlyError] = {}

    def ask(id_: str) -> tuple[()]:
        try:
            for record in requester.single(path, id_).records:
                child = _child.decode(record)
                parent = child.attributes.get(parameter)
                if str(child.id) == id_ and parent and str(parent) not in parents:
                    landing.append([record], parent=str(parent))
        except (NotFound, Forbidden, Rejected, msgspec.DecodeError):
            pass  # nothing contradicts that it is gone
        except FAILURES as error:
            failing[missing[id_]] = error
        return ()

    requester.pool.side_by_side(sorted(missing), ask)
    return f"; {len(missing)} vanished, and were asked for by id", failing
