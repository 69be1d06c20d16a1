"""Resources inside attributes of other resources, as Rootly nests them."""

from collections.abc import Callable
from typing import Any

from rootly_assets.sandbox.record import Record

Wrapped = dict[str, Any]

# How a team or service tells people about itself is left to its own resource.
_LEFT_OUT = {
    "slack_channels",
    "alert_broadcast_enabled",
    "alert_broadcast_channel",
    "alerts_email_enabled",
    "alerts_email_address",
    "incident_broadcast_enabled",
    "auto_add_members_when_attached",
    "auto_add_members_scope",
    "public_description",
    "github_repository_branch",
    "user_ids",
    "admin_ids",
}


class Embedder:
    """Wraps records for embedding; one wrapping is shared until its record changes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[str, Wrapped]] = {}
        self._shaped: dict[tuple[object, str], tuple[str, dict[str, Any]]] = {}

    def wrap(self, record: Record) -> Wrapped:
        """`{"data": {id, type, attributes}}`, as the record is now, without what is empty."""
        stamp = record.attributes["updated_at"]
        key = (record.type, record.id)
        kept = self._kept.get(key)
        if kept is None or kept[0] != stamp:
            attributes = {
                name: value
                for name, value in record.attributes.items()
                if value is not None and value != [] and name not in _LEFT_OUT
            }
            wrapped = {"data": {"id": record.id, "type": record.type, "attributes": attributes}}
            kept = self._kept[key] = (stamp, wrapped)
        return kept[1]

    def wrap_all(self, records: list[Record]) -> list[Wrapped]:
        """Each record wrapped."""
        return [self.wrap(record) for record in records]

    def once(self, record: Record, shape: Callable[[Record], dict[str, Any]]) -> dict[str, Any]:
        """`shape(record)`, made once for each state of a record and shared."""
        key = (shape, record.id)
        kept = self._shaped.get(key)
        if kept is None or kept[0] != record.attributes["updated_at"]:
            kept = self._shaped[key] = (record.attributes["updated_at"], shape(record))
        return kept[1]
