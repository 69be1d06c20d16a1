"""Which tables the same requests fill: a list's own, and those that its pages bring along by `include=`."""

from collections.abc import Iterable

import msgspec

from rootly_assets.catalogue import Endpoint, Strategy, endpoint_of

# Lists that grow with time have the most pages.
_GROWING = frozenset({Strategy.SINCE, Strategy.STREAM, Strategy.APPENDED, Strategy.WINDOW})


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Tables that are read together.

    Attributes:
        carrier: the list whose pages are read.
        members: the tables that are filled; the carrier's own is among them unless nobody asked for it.
    """

    carrier: Endpoint
    members: tuple[Endpoint, ...]

    @property
    def included(self) -> tuple[Endpoint, ...]:
        """The members that come along with the carrier's pages."""
        return tuple(each for each in self.members if each.table != self.carrier.table)

    @property
    def waits_for(self) -> str | None:
        """The table whose ids must be there before this can be read."""
        return self.carrier.parent.table if self.carrier.parent else None


def alone(endpoint: Endpoint) -> Group:
    """A list by its own path, even if it could come along with another."""
    return Group(carrier=endpoint, members=(endpoint,))


def grouped(endpoints: Iterable[Endpoint]) -> list[Group]:
    """Put lists together that the same requests can fill; those that take longest come first."""
    members: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints:
        comes_along = endpoint.relationship and endpoint.parent and endpoint.parent.table
        members.setdefault(comes_along or endpoint.table, []).append(endpoint)
    groups = (_group(table, together) for table, together in members.items())
    return sorted(groups, key=lambda group: group.carrier.strategy not in _GROWING)


def _group(table: str, together: list[Endpoint]) -> Group:
    own = next((each for each in together if each.table == table), None)
    # Parents are loaded, and told of, before their children.
    others = tuple(each for each in together if each is not own)
    return Group(carrier=own or endpoint_of(table), members=(own, *others) if own else others)


def ready(
    groups: Iterable[Group], under_way: Iterable[Group] = ()
) -> tuple[list[Group], list[Group]]:
    """Split into those that can be read now and those that wait for ids from one of the others.

    Args:
        groups: those that are not read yet.
        under_way: those that are being read.
    """
    groups = list(groups)
    filled = {member.table for group in (*groups, *under_way) for member in group.members}
    now = [group for group in groups if group.waits_for not in filled]
    return now, [group for group in groups if group not in now]
