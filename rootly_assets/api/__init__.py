"""Rootly's REST API: a client that proves that its reading is complete, and its configuration."""

from rootly_assets.api.client import FEW_RETRIES, Extent, PageReader, RootlyClient
from rootly_assets.api.envelope import created_at, instant
from rootly_assets.api.errors import (
    BrokenBody,
    EndOutOfReach,
    Forbidden,
    IncompleteRead,
    NotFound,
    NoToken,
    RateLimited,
    RedirectRefused,
    Rejected,
    RootlyError,
    Unauthorized,
    Unavailable,
)
from rootly_assets.api.listing import BareAllowance
from rootly_assets.api.page import Meta, Page
from rootly_assets.api.resource import RootlyResource
from rootly_assets.api.settings import ClientSettings
from rootly_assets.api.usage import Usage
from rootly_assets.api.waiting import Ended, heed

__all__ = [
    "FEW_RETRIES",
    "BareAllowance",
    "BrokenBody",
    "ClientSettings",
    "EndOutOfReach",
    "Ended",
    "Extent",
    "Forbidden",
    "IncompleteRead",
    "Meta",
    "NoToken",
    "NotFound",
    "Page",
    "PageReader",
    "RateLimited",
    "RedirectRefused",
    "Rejected",
    "RootlyClient",
    "RootlyError",
    "RootlyResource",
    "Unauthorized",
    "Unavailable",
    "Usage",
    "created_at",
    "heed",
    "instant",
]
