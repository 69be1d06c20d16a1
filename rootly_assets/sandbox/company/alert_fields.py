"""What alerts say in the company's own fields: the depot, and how many orders of customers are at risk."""

import random
import uuid
from typing import Any

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

DEPOTS = ("Tacoma", "Fremont", "Reno", "Salt Lake City")
FILLED_SHARE = 0.7
MOST_ORDERS = 400


def field_values(workspace: Workspace, alert: Record) -> list[dict[str, Any]]:
    """The values of an alert in the custom alert fields, as Rootly shows them among its attributes.

    They follow from the alert's id alone, so that the workspace's own chance is not drawn from.
    """
    chance = random.Random(alert.id)
    filled: list[dict[str, Any]] = []
    for field in workspace.records("alert_fields"):
        if field.attributes["kind"] != "custom" or chance.random() >= FILLED_SHARE:
            continue
        depot = field.attributes["name"] == "Depot"
        filled.append(
            {
                "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
                "value": chance.choice(DEPOTS) if depot else str(chance.randrange(MOST_ORDERS)),
                "alert_field_id": field.id,
                "alert_id": alert.id,
                "created_at": alert.attributes["created_at"],
                "updated_at": alert.attributes["created_at"],
            }
        )
    return filled
