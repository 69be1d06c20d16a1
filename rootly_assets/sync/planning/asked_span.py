"""What is read of the span of time that somebody asks for."""

from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.plan import Plan, Read, as_text


def span_of(attribute: str, options: SyncOptions) -> Plan:
    """Rows whose `attribute` lies between `since` and `until`; it says nothing of what is new."""
    params = {
        f"filter[{attribute}][{operator}]": as_text(moment)
        for operator, moment in (("gte", options.since), ("lte", options.until))
        if moment is not None
    }
    said = " ".join(f"{key} {value}" for key, value in params.items())
    return Plan(reads=(Read(params=params),), moves_watermark=False, why=f"asked for: {said}")
