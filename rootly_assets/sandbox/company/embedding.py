"""Resources inside attributes of other resources, as Rootly nests them."""

from typing import Any

from rootly_assets.sandbox.record import Record

Wrapped = dict[str, Any]


class Embedder:
    """Wraps records for embedding; one wrapping is shared until its record changes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[str, Wrapped]] = {}

    def wrap(self, record: Record) -> Wrapped:
        """`{"data": {id, type, attributes}}`, as the record is now, without what is empty."""
        stamp = record.attributes["updated_at"]
        key = (record.type, record.id)
        kept = self._kept.get(key)
        if kept is None or kept[0] != stamp:
            attributes = {
                name: value for name, value in record.attributes.items() if value not in (None, [])
            }
            wrapped = {"data": {"id": record.id, "type": record.type, "attributes": attributes}}
            kept = self._kept[key] = (stamp, wrapped)
        return kept[1]

    def wrap_all(self, records: list[Record]) -> list[Wrapped]:
        """Each record wrapped."""
        return [self.wrap(record) for record in records]

    def flat(self, record: Record) -> dict[str, Any]:
        """The attributes with the id among them, as alerts nest their services."""
        resource = self.wrap(record)["data"]
        return {"id": resource["id"], **resource["attributes"]}
