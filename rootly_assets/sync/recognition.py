"""Whether a key reads the workspace whose rows are there: another one's sync would mark them all as deleted.

Nothing in the API names a workspace, and its address says little: a sandbox has another port each time, and
two workspaces of Rootly's the same host. So a record that is there is asked for, once a process. Where it is
found all is well; only where none of a dozen is, and their lists have none of them either, it is another
workspace.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Protocol
from urllib.parse import urlsplit

from rootly_assets.api import (
    ClientSettings,
    Forbidden,
    NotFound,
    Rejected,
    RootlyClient,
    RootlyError,
)
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sync.errors import SyncError
from rootly_assets.sync.reading.record_ids import ids

# What every workspace has and hardly anybody deletes, and first what any key of it may read. No users: one
# person may be in several workspaces.
ASKED_FOR = ("severities", "services", "teams", "incidents")
OF_EACH = 3

# Fewer may all have been deleted since the last run.
ENOUGH = 3

_recognized: set[tuple[ClientSettings, str]] = set()


class Keeper(Protocol):
    """The part of a warehouse that this needs."""

    @property
    def place(self) -> str:
        """Where it is, in a word for people."""
        ...

    def preview(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """The newest present rows of a table, as text."""
        ...


class Recognition:
    """One look at what is there, and one question to the API.

    Args:
        client: reads a workspace.
        keeper: the warehouse; has the tables that are asked for.
    """

    def __init__(self, client: RootlyClient, keeper: Keeper) -> None:
        self._client = client
        self._place = keeper.place
        self._stored: list[tuple[str, str]] = []
        if self._key not in _recognized:
            self._stored = [
                (table, str(identity))
                for table in ASKED_FOR
                for (identity,) in keeper.preview(table, ("id",), OF_EACH)
            ]

    @property
    def _key(self) -> tuple[ClientSettings, str]:
        return self._client.settings, self._place

    def demand(self) -> None:
        """Ask; the warehouse need not be open meanwhile.

        Raises:
            SyncError: nothing of what is there is found.
        """
        unknown: dict[str, set[str]] = {}
        for table, identity in self._stored:
            resource = endpoint_of(table).path.removeprefix("/v1/")
            try:
                self._client.get(resource, identity, retries=0)
            except NotFound:
                unknown.setdefault(table, set()).add(identity)
            except (Forbidden, Rejected):
                continue  # it says nothing of whether it is there
            except RootlyError:
                return  # whoever reads the lists meets this again, and says so
            else:
                break
        else:
            count = sum(map(len, unknown.values()))
            # Rootly's words for 404 are "Not found or unauthorized": a list that may be read says which.
            if count >= ENOUGH and self._are_of_others(unknown):
                host = urlsplit(self._client.settings.base_url).hostname
                raise SyncError(
                    f"The rows in {self._place} are of another workspace: of {count} severities, "
                    f"services, teams and incidents that are there, {host} knows none by this key. Nothing was "
                    "changed. Give this workspace a warehouse of its own (ROOTLY_DUCKDB_PATH, or the database "
                    "of another destination), or take the key and the ROOTLY_API_URL of the other one."
                )
        _recognized.add(self._key)

    def _are_of_others(self, unknown: Mapping[str, Set[str]]) -> bool:
        """Whether at least one list may be read, and none of them has what was not found by its id."""
        listed = {table: self._listed(table) for table in unknown}
        return any(found is not None for found in listed.values()) and all(
            unknown[table].isdisjoint(found or ()) for table, found in listed.items()
        )

    def _listed(self, table: str) -> set[str] | None:
        """Ids on the first page of a list; None where it can't be read."""
        try:
            page = next(self._client.pages(endpoint_of(table)), None)
        except RootlyError:
            return None
        return set(ids(page)) if page else set()
