"""A single meeting recording: says more than the list of them does."""

from rootly_assets.sandbox.record import Record


def in_full(record: Record) -> Record:
    """The recording with what it was recorded for; its transcript is shown only where a client includes it."""
    more = {
        "recall_upload_id": None,
        "recordable_id": record.parents.get("incident_id"),
        "recordable_type": "Incident",
    }
    return Record(record.type, record.id, record.attributes | more, record.relationships)
