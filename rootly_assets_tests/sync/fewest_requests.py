"""How many requests a list can't be read with fewer of, by the server's own records."""

from math import ceil

from rootly_assets.catalogue import Endpoint, PageStyle, Strategy, endpoint_of
from rootly_assets.sandbox import Workspace
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.shifts import LONGEST_WINDOW
from rootly_assets_tests.system.truth import true_rows

# One page each, whatever they hold: a view of this moment, and one row.
ONE_PAGE = {"oncalls", "ip_ranges"}
IN_PAGES = {PageStyle.NUMBERED, PageStyle.CURSOR}


def fewest_requests(workspace: Workspace, endpoint: Endpoint) -> int:
    """For a first read: a page for every so many rows, and one a parent where no list or include exists.

    None where the rows come along with another list, and as many spans of shifts as the API demands.
    """
    if endpoint.relationship:
        return 0
    if endpoint.parent and endpoint.parent.table:
        return len(true_rows(workspace, endpoint_of(endpoint.parent.table)))
    if endpoint.strategy is Strategy.WINDOW:
        usual = SyncOptions()
        return ceil((usual.history + usual.leading) / LONGEST_WINDOW)
    if endpoint.table in ONE_PAGE or endpoint.pages.style not in IN_PAGES:
        return 1
    return max(1, ceil(len(true_rows(workspace, endpoint)) / endpoint.pages.max_size))
