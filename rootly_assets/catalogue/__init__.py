"""Every list endpoint of the Rootly API as data, derived from the vendor's document."""

from rootly_assets.catalogue.endpoint import (
    ColumnType,
    Endpoint,
    Pages,
    PageStyle,
    Parent,
    Strategy,
)
from rootly_assets.catalogue.store import catalogue, endpoint_of, readable, wired

__all__ = [
    "ColumnType",
    "Endpoint",
    "PageStyle",
    "Pages",
    "Parent",
    "Strategy",
    "catalogue",
    "endpoint_of",
    "readable",
    "wired",
]
