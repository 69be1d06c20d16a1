"""One JSON:API resource of the sandbox's workspace, with its bytes kept until it changes."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from rootly_assets.sandbox.unstamped import visible


@dataclass(slots=True)
class Record:
    """A resource as the workspace holds it.

    Attributes:
        type: JSON:API type, e.g. `incidents`; also the name under which the workspace keeps it.
        id: unique within its type.
        attributes: JSON values; `created_at` and `updated_at` are ISO 8601 strings with an offset.
        relationships: JSON:API relationships, `{"services": {"data": [{"type", "id"}]}}`.
        parents: ids by path parameter of the nested lists that give this record, e.g.
            `{"incident_id": "…"}` for a row of `/v1/incidents/{incident_id}/events`.
        links: identifier objects by relationship name, shown only when a client includes them.
    """

    type: str
    id: str
    attributes: dict[str, Any]
    relationships: dict[str, Any] = field(default_factory=dict[str, Any])
    parents: dict[str, str] = field(default_factory=dict[str, str])
    links: dict[str, list[dict[str, str]]] = field(default_factory=dict[str, list[dict[str, str]]])
    _json: bytes | None = field(default=None, init=False, repr=False, compare=False)

    def changed(self) -> None:
        """Forget the kept bytes: call after changing the record in place."""
        self._json = None

    def json_with(self, relationships: dict[str, Any]) -> bytes:
        """The resource object with more relationships than its own."""
        if self.relationships:
            shown = {**self.relationships, **relationships}
            return msgspec.json.encode(
                {
                    "id": self.id,
                    "type": self.type,
                    "attributes": visible(self.type, self.attributes),
                    "relationships": shown,
                }
            )
        return b'%b,"relationships":%b}' % (self.json()[:-1], msgspec.json.encode(relationships))

    def json(self) -> bytes:
        """The resource object `{id, type, attributes[, relationships]}` as JSON."""
        kept = self._json
        if kept is None:
            resource: dict[str, Any] = {
                "id": self.id,
                "type": self.type,
                "attributes": visible(self.type, self.attributes),
            }
            if self.relationships:
                resource["relationships"] = self.relationships
            kept = self._json = msgspec.json.encode(resource)
        return kept

    @property
    def ref(self) -> dict[str, str]:
        """The resource's identifier object, `{"id", "type"}`."""
        return {"id": self.id, "type": self.type}
