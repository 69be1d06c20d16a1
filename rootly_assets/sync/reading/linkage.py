"""Sorts what compound pages bring along (JSON:API `included`) into the tables of the children.

An included resource does not say whose it is: the linkage of its parent does (`relationships.<name>.data`).
What a page does not prove of a parent, because it has no linkage or lacks a resource that the linkage names, is
never taken for "has no children": the parent is doubtful then, for the table that it is about.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rootly_assets.api import Page, RootlyError
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingFile

WITHOUT_LINKAGE = "it came without its linkage"

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

    Attributes:
        parents: ids of the records that the pages had.
        doubtful: by table, those of whose children it is not certain that all were landed, with the reason.
        failing: by table, those of them that Rootly fails to give whole, to be asked again.
        gone: ids of those that were not there any more when they were asked for by themselves.
    """

    def __init__(
        self,
        included: Sequence[Endpoint],
        landings: Mapping[str, LandingFile],
    ) -> None:
        self._included = included
        self._landings = landings
        self._needs_resources = any(each.links_to is None for each in included)
        self.parents: list[str] = []
        self.doubtful: dict[str, dict[str, str]] = {each.table: {} for each in included}
        self.failing: dict[str, dict[str, RootlyError]] = {each.table: {} for each in included}
        self.gone: list[str] = []

    @property
    def bare(self) -> set[str]:
        """Ids of the records that nothing came along with, since Rootly failed to give it."""
        return set[str]().union(*self.failing.values())

    def note_failure(self, parent: str, error: RootlyError) -> None:
        """Note a record that came, if at all, without what was to come along."""
        for endpoint in self._included:
            self.doubtful[endpoint.table][parent] = str(error)
            if parent:  # one without an id can't be asked for
                self.failing[endpoint.table][parent] = error

    def fault(self, parent: str) -> RootlyError:
        """Why nothing came along with a record."""
        return next(each[parent] for each in self.failing.values() if parent in each)

    def forget_failure(self, parent: str) -> None:
        """Forget that a record failed, before what it answers now is added."""
        for endpoint in self._included:
            self.doubtful[endpoint.table].pop(parent, None)
            self.failing[endpoint.table].pop(parent, None)

    def note_lasting_failure(self, parent: str, error: RootlyError) -> None:
        """Note a record that failed, where it came without its linkage when it was asked again."""
        for endpoint in self._included:
            if self.doubtful[endpoint.table].get(parent) == WITHOUT_LINKAGE:
                self.failing[endpoint.table][parent] = error

    def note_gone(self, parent: str) -> None:
        """Note a record that was not there any more when it was asked for by itself."""
        self.forget_failure(parent)
        self.gone.append(parent)

    def add(self, page: Page) -> None:
        """Land what a page brings along.

        Raises:
            SyncError: where the disk takes no more.
        """
        if not self._included:
            return
        if page.bare is not None:
            for record in page.records:
                self.note_failure(_id_of(record), page.bare)
            return
        resources = dict(_by_identity(page)) if self._needs_resources else {}
        for record in page.records:
            try:
                parent = _parent.decode(record)
            except msgspec.DecodeError:
                for endpoint in self._included:
                    self._doubt(endpoint, _id_of(record), "its linkage can't be read")
                continue
            self.parents.append(str(parent.id))
            for endpoint in self._included:
                self._land(endpoint, parent, resources)

    def _land(
        self, endpoint: Endpoint, parent: _Parent, resources: Mapping[_Identity, msgspec.Raw]
    ) -> None:
        refs = _refs(parent, endpoint.relationship or "")
        if refs is None:
            self._doubt(endpoint, str(parent.id), WITHOUT_LINKAGE)
            return
        if endpoint.links_to is not None:
            rows = [_link(str(parent.id), str(ref.id), endpoint.links_to) for ref in refs]
        else:
            found = [resources.get((endpoint.type or ref.type, str(ref.id))) for ref in refs]
            rows = [bytes(each) for each in found if each is not None]
            if len(rows) < len(refs):
                why = "a resource that its linkage names did not come along"
                self._doubt(endpoint, str(parent.id), why)
        self._landings[endpoint.table].append(rows, parent=str(parent.id))

    def _doubt(self, endpoint: Endpoint, parent: str, why: str) -> None:
        self.doubtful[endpoint.table].setdefault(parent, why)


def _by_identity(page: Page) -> Iterator[tuple[_Identity, msgspec.Raw]]:
    for raw in page.included:
        try:
            resource = _resource.decode(raw)
        except msgspec.DecodeError:
            continue  # missed where the linkage names it
        yield (resource.type, str(resource.id)), raw


def _id_of(record: msgspec.Raw) -> str:
    """The id of a record that can't be read any further; empty where not even that can."""
    try:
        return str(_resource.decode(record).id)
    except msgspec.DecodeError:
        return ""


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
