"""What models read beside themselves: a run of only some of them builds first what is not there yet."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from rootly_assets.warehouse.reading import DatasetError, Session, Source


def unbuilt(manifest: Mapping[str, Any], chosen: Collection[str], source: Source) -> list[str]:
    """Models and seeds that the chosen ones read, directly or through others, and that the warehouse lacks.

    What is there counts as built, with all that it was made of. A chosen one is among them where another one
    that has to be there first reads it.

    Args:
        manifest: of the dbt project.
        chosen: ids of the models and seeds that a run builds.
        source: the warehouse; it is not asked where nothing else is read.

    Returns:
        Their ids, in alphabetical order.

    Raises:
        DatasetError: the warehouse can't be read.
    """
    wanted = _parents(manifest, chosen) - set(chosen)
    if not wanted:
        return []
    with source.open() as session:
        return sorted(_missing(manifest, wanted, lambda each: _is_there(session, source, each)))


def _missing(
    manifest: Mapping[str, Any],
    wanted: Collection[str],
    is_there: Callable[[Mapping[str, Any]], bool],
) -> set[str]:
    left, seen = set(wanted), set(wanted)
    missing: set[str] = set()
    while left:
        each = left.pop()
        if is_there(manifest["nodes"][each]):
            continue
        missing.add(each)
        further = _parents(manifest, [each]) - seen
        seen |= further
        left |= further
    return missing


def _parents(manifest: Mapping[str, Any], ids: Collection[str]) -> set[str]:
    """Models and seeds that these are made of; raw tables are no nodes, and are always there."""
    nodes = manifest["nodes"]
    # A seed is made of nothing.
    made_of = (parent for each in ids for parent in nodes[each]["depends_on"].get("nodes", ()))
    return {parent for parent in made_of if parent in nodes}


def _is_there(session: Session, source: Source, node: Mapping[str, Any]) -> bool:
    """Whether a query of it is answered: a view is none whose tables are gone."""
    name = source.named(f"{node['schema']}.{node['alias']}")
    try:
        session.execute(f"SELECT 1 AS found FROM {name} LIMIT 0")
    except DatasetError:
        return False
    return True
