"""Compares two catalogues: what the vendor's document says now with what this project knows.

Nothing here reads or writes: two catalogues in, the differences out, so that both commands and the weekly
check say the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from rootly_assets.catalogue.endpoint import Endpoint


class Kind(StrEnum):
    """What happened to a fact since the catalogue was made."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


# Facts that are sets of names: a name comes or goes.
SETS = {"includes": "include", "time_filters": "time filter", "secrets": "secret"}

# Facts that are no news: they say where a list is, follow from others, or are compared name by name.
APART = frozenset({"path", "optional", "columns", "values", *SETS})

# How a credential is called. Such an attribute is loaded like any other until somebody rules that it is none.
CREDENTIAL = re.compile(
    r"(password|passcode|passphrase|secret|token|(api|private)_key|credentials?)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact of a list that is not as the catalogue has it.

    Attributes:
        kind: whether it came, went, or became another.
        what: the kind of fact: `list`, `column`, `column type`, `value`, `include`, `time filter`, `secret`, or
            the name of a fact that a list has once, such as `deprecated` or `sort`.
        name: of the column, include, time filter, secret or table, or `column = value`; empty for a fact that a
            list has once.
        before: what the catalogue says; None where it says nothing.
        after: what the document says; None where it says nothing.
    """

    kind: Kind
    what: str
    name: str = ""
    before: str | None = None
    after: str | None = None

    @property
    def may_be_credential(self) -> bool:
        """Whether it is a new column whose name is that of a credential."""
        return (
            self.kind is Kind.NEW
            and self.what == "column"
            and self.after != "boolean"
            and CREDENTIAL.search(self.name.lower()) is not None
        )

    def sentence(self) -> str:
        """The change for people, without its kind: `column severity_id: text → integer`."""
        said = f"{self.what} {self.name}".strip()
        if self.kind is Kind.CHANGED:
            said += f": {self.before} → {self.after}"
        elif self.what == "column":
            said += f" ({self.after if self.kind is Kind.NEW else self.before})"
        elif self.what == "list" and self.after:
            said += f" with columns {self.after}"
        if self.may_be_credential:
            said += (
                ": a credential? Then name it in catalogue/rulings.py, SECRETS, before it is loaded"
            )
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDrift:
    """A list of which the document says something else than the catalogue.

    Attributes:
        path: of the list, e.g. `/v1/incidents`.
        table: the table that it becomes.
        changes: at least one; the list itself is the only one where it came or went.
    """

    path: str
    table: str
    changes: tuple[Change, ...]

    @property
    def kind(self) -> Kind:
        """Whether the list came, went, or is still there with other facts."""
        first = self.changes[0]
        return first.kind if first.what == "list" else Kind.CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Everything in which the vendor's document and the catalogue differ, by path."""

    lists: tuple[ListDrift, ...]

    @property
    def is_current(self) -> bool:
        """Whether the catalogue is as the document says."""
        return not self.lists

    def count(self, kind: Kind) -> int:
        """How many lists came, went, or changed."""
        return sum(each.kind is kind for each in self.lists)

    def summary(self) -> str:
        """One sentence: `Rootly's document differs from the catalogue: 1 list new, 3 changed.`."""
        if self.is_current:
            return "The catalogue is as Rootly's document says."
        return f"Rootly's document differs from the catalogue, by lists: {self.tally()}."

    def tally(self) -> str:
        """How many lists came, went or changed: `1 new, 3 changed`; empty where none did."""
        counts = ((kind, self.count(kind)) for kind in Kind)
        return ", ".join(f"{count} {kind}" for kind, count in counts if count)


def compare(catalogue: Iterable[Endpoint], document: Iterable[Endpoint]) -> Drift:
    """What is new, gone and changed in the vendor's document.

    Args:
        catalogue: what the project knows.
        document: what was derived from the vendor's document.
    """
    before = {endpoint.path: endpoint for endpoint in catalogue}
    after = {endpoint.path: endpoint for endpoint in document}
    return Drift(lists=tuple(_lists(before, after)))


def _lists(before: Mapping[str, Endpoint], after: Mapping[str, Endpoint]) -> Iterator[ListDrift]:
    for path in sorted(before.keys() | after.keys()):
        known, found = before.get(path), after.get(path)
        if known is not None and found is not None:
            changes = tuple(_changes(known, found))
            if changes:
                yield ListDrift(path=path, table=known.table, changes=changes)
        elif found is not None:
            columns = ", ".join(f"{name} {kind}" for name, kind in found.columns.items())
            change = Change(kind=Kind.NEW, what="list", name=found.table, after=columns)
            yield ListDrift(path=path, table=found.table, changes=(change,))
        elif known is not None:
            change = Change(kind=Kind.GONE, what="list", name=known.table)
            yield ListDrift(path=path, table=known.table, changes=(change,))


def _changes(known: Endpoint, found: Endpoint) -> Iterator[Change]:
    yield from _columns(known.columns, found.columns)
    for column in sorted(known.columns.keys() & found.columns.keys()):
        before, after = known.values.get(column, ()), found.values.get(column, ())
        for change in _names("value", before, after):
            yield replace(change, name=f"{column} = {change.name}")
    for field, what in SETS.items():
        yield from _names(what, getattr(known, field), getattr(found, field))
    for field in Endpoint.__struct_fields__:
        one, other = getattr(known, field), getattr(found, field)
        if field not in APART and one != other:
            yield Change(
                kind=Kind.CHANGED,
                what=field.replace("_", " "),
                before=_text(one),
                after=_text(other),
            )


def _columns(known: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(known.keys() | found.keys()):
        one, other = known.get(name), found.get(name)
        if one is None:
            yield Change(kind=Kind.NEW, what="column", name=name, after=other)
        elif other is None:
            yield Change(kind=Kind.GONE, what="column", name=name, before=one)
        elif one != other:
            yield Change(kind=Kind.CHANGED, what="column type", name=name, before=one, after=other)


def _names(what: str, known: Iterable[str], found: Iterable[str]) -> Iterator[Change]:
    one, other = set(known), set(found)
    for name in sorted(one ^ other):
        yield Change(kind=Kind.NEW if name in other else Kind.GONE, what=what, name=name)


def _text(fact: object) -> str:
    """A fact for people: yes and no, a text as it is, anything else as JSON."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if fact is None or fact == "":
        return "none"
    return str(fact) if isinstance(fact, str) else msgspec.json.encode(fact).decode()
