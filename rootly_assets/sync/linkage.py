"""Sorts what compound pages bring along (JSON:API `included`) into the tables of the children.

An included resource does not say whose it is: the linkage of its parent does (`relationships.<name>.data`).
What a page does not prove, because it has no linkage or lacks a resource that the linkage names, is never
taken for "has no children": such a table is left to be read by its own path.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rootly_assets.api import Page
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingFile

_Identity = tuple[str, str]  # type and id of a resource


class _Ref(msgspec.Struct):
    id: str | int
    type: str = ""


class _Relationship(msgspec.Struct):
    data: list[_Ref] | _Ref | msgspec.UnsetType | None = msgspec.UNSET


class _Parent(msgspec.Struct):
    id: str | int
    relationships: dict[str, _Relationship] | None = None


_parent = msgspec.json.Decoder(_Parent)
_resource = msgspec.json.Decoder(_Ref)


class Linkage:
    """Lands children and links, page by page.

    Args:
        included: the tables that come along.
        landings: their landing files, by table.
        notes_parents: whether to note whose children these are; a reading of all parents need not.

    Attributes:
        parents: ids of the records whose every child is among what was landed; none where they are not noted.
        unproven: tables of which that is not so, with the reason.
    """

    def __init__(
        self,
        included: Sequence[Endpoint],
        landings: Mapping[str, LandingFile],
        *,
        notes_parents: bool,
    ) -> None:
        self._included = included
        self._notes_parents = notes_parents
        self._landings = landings
        self._needs_resources = any(each.links_to is None for each in included)
        self.parents: list[str] = []
        self.unproven: dict[str, str] = {}

    def add(self, page: Page) -> None:
        """Land what a page brings along.

        Raises:
            SyncError: where the disk takes no more.
        """
        if not self._included:
            return
        resources = dict(_by_identity(page)) if self._needs_resources else {}
        for record in page.records:
            try:
                parent = _parent.decode(record)
            except msgspec.DecodeError:
                self._doubt("a record's linkage can't be read", self._included)
                continue
            if self._notes_parents:
                self.parents.append(str(parent.id))
            for endpoint in self._included:
                self._land(endpoint, parent, resources)

    def _land(
        self, endpoint: Endpoint, parent: _Parent, resources: Mapping[_Identity, msgspec.Raw]
    ) -> None:
        refs = _refs(parent, endpoint.relationship or "")
        if refs is None:
            self._doubt("records came without their linkage", [endpoint])
            return
        if endpoint.links_to is not None:
            rows = [_link(str(parent.id), str(ref.id), endpoint.links_to) for ref in refs]
        else:
            found = [resources.get((endpoint.type or ref.type, str(ref.id))) for ref in refs]
            rows = [bytes(each) for each in found if each is not None]
            if len(rows) < len(refs):
                self._doubt("resources that the linkage names did not come along", [endpoint])
        self._landings[endpoint.table].append(rows, parent=str(parent.id))

    def _doubt(self, why: str, endpoints: Sequence[Endpoint]) -> None:
        for endpoint in endpoints:
            self.unproven.setdefault(endpoint.table, why)


def _by_identity(page: Page) -> Iterator[tuple[_Identity, msgspec.Raw]]:
    for raw in page.included:
        try:
            resource = _resource.decode(raw)
        except msgspec.DecodeError:
            continue  # missed where the linkage names it
        yield (resource.type, str(resource.id)), raw


def _refs(parent: _Parent, name: str) -> list[_Ref] | None:
    """What a relationship links to; None where the record doesn't say."""
    relationship = (parent.relationships or {}).get(name)
    if relationship is None or relationship.data is msgspec.UNSET:
        return None
    if relationship.data is None:
        return []
    return relationship.data if isinstance(relationship.data, list) else [relationship.data]


def _link(parent: str, linked: str, column: str) -> bytes:
    return msgspec.json.encode({"id": f"{parent}/{linked}", "attributes": {column: linked}})
