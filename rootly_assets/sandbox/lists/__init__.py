"""Every list endpoint of the API, as the sandbox serves it.

A list of its own, apart from the catalogue, so that agreement between the two means something.
"""

from rootly_assets.sandbox.lists import (
    alerts,
    catalog,
    configuration,
    incidents,
    on_call,
    organization,
)
from rootly_assets.sandbox.lists.endpoint import ListEndpoint, Paging

ENDPOINTS: tuple[ListEndpoint, ...] = (
    *incidents.ENDPOINTS,
    *alerts.ENDPOINTS,
    *on_call.ENDPOINTS,
    *organization.ENDPOINTS,
    *catalog.ENDPOINTS,
    *configuration.ENDPOINTS,
)

__all__ = ["ENDPOINTS", "ListEndpoint", "Paging"]
