"""How a setting enters the workspace: its id, its parents, the day on which somebody made it."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

OLDEST_DAYS, YOUNGEST_DAYS = 900, 190


def enter(
    workspace: Workspace,
    resource: str,
    attributes: dict[str, Any],
    *,
    identity: str | None = None,
    parents: dict[str, str] | None = None,
) -> Record:
    """Add a setting that was made long before the incidents of the workspace's past.

    Args:
        workspace: the workspace that gets it.
        resource: JSON:API type.
        attributes: without `created_at` and `updated_at`, unless the caller knows better.
        identity: its id, a fresh one by default.
        parents: ids by path parameter of the nested lists that show it.
    """
    if "created_at" not in attributes:
        age = workspace.random.randint(YOUNGEST_DAYS * 1440, OLDEST_DAYS * 1440)
        edited = workspace.random.randint(age // 3, age)
        attributes = {
            **attributes,
            "created_at": ago(workspace, minutes=age),
            "updated_at": ago(workspace, minutes=edited),
        }
    return workspace.add(
        Record(resource, identity or workspace.new_id(), attributes, parents=parents or {})
    )


def ago(workspace: Workspace, *, days: float = 0, minutes: float = 0) -> str:
    """The ISO 8601 time that far before the workspace's clock (after it, if negative)."""
    return workspace.timestamp(workspace.now - timedelta(days=days, minutes=minutes))


def later(workspace: Workspace, stamp: str, *, minutes: float = 0, seconds: float = 0) -> str:
    """The ISO 8601 time that long after `stamp`."""
    when = datetime.fromisoformat(stamp) + timedelta(minutes=minutes, seconds=seconds)
    return workspace.timestamp(when)


def slug(name: str) -> str:
    """`"Checkout & Cart"` as `"checkout-cart"`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def ids(records: Iterable[Record]) -> list[str]:
    """The ids of some records."""
    return [record.id for record in records]


def named(workspace: Workspace, resource: str, *words: str) -> list[Record]:
    """The records of a type whose name contains a word, in any case; all without words."""
    return [
        record
        for record in workspace.records(resource)
        if not words
        or any(word.lower() in str(record.attributes.get("name", "")).lower() for word in words)
    ]


def some(workspace: Workspace, records: list[Record], count: int) -> list[Record]:
    """At most `count` of the records, chosen by the workspace's chance, in their own order."""
    chosen = workspace.random.sample(range(len(records)), min(count, len(records)))
    return [records[index] for index in sorted(chosen)]


def person(workspace: Workspace) -> Record:
    """One of the workspace's users, by chance."""
    return workspace.random.choice(workspace.records("users"))
