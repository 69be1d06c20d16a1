"""The catalogue on disk: one JSON file a domain beside this module, written by `refresh`, read by everybody."""

from functools import cache
from pathlib import Path

import msgspec

from rootly_assets.catalogue import rulings
from rootly_assets.catalogue.endpoint import Endpoint

FOLDER = Path(__file__).parent / "endpoints"


@cache
def catalogue() -> tuple[Endpoint, ...]:
    """Every list endpoint of the API, sorted by domain, table and path."""
    decoder = msgspec.json.Decoder(list[Endpoint])
    return tuple(
        endpoint
        for file in sorted(FOLDER.glob("*.json"))
        for endpoint in decoder.decode(file.read_bytes())
    )


@cache
def readable() -> tuple[Endpoint, ...]:
    """The endpoints that can be read: each table once, none that holds only secrets."""
    return tuple(
        endpoint
        for endpoint in catalogue()
        if endpoint.same_rows_as is None
        and endpoint.path not in rulings.NEVER_READ
        and (endpoint.parent is None or endpoint.parent.table is not None)
    )


@cache
def wired(asked_for: frozenset[str] = frozenset()) -> tuple[Endpoint, ...]:
    """The endpoints that are assets.

    Args:
        asked_for: tables of optional lists that are read too, and with them the lists of their parents.
    """
    wanted = set(asked_for)
    for table in asked_for:
        parent = endpoint_of(table).parent
        while parent is not None and parent.table is not None:
            wanted.add(parent.table)
            parent = endpoint_of(parent.table).parent
    return tuple(each for each in readable() if not each.optional or each.table in wanted)


def endpoint_of(table: str) -> Endpoint:
    """The endpoint that fills a table.

    Raises:
        KeyError: for a table that no list becomes.
    """
    found = next((endpoint for endpoint in readable() if endpoint.table == table), None)
    if found is None:
        raise KeyError(f"No list of the Rootly API becomes a table named {table!r}.")
    return found


def write(endpoints: list[Endpoint], folder: Path = FOLDER) -> None:
    """Replace the stored catalogue: one file a domain, one line a fact, so that diffs are readable.

    Raises:
        OSError: where it can't be written; then it stays as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    domains = sorted({endpoint.domain for endpoint in endpoints})
    parts = {domain: folder / f"{domain}.part" for domain in domains}
    try:
        for domain, part in parts.items():
            body = msgspec.json.encode([each for each in endpoints if each.domain == domain])
            part.write_bytes(msgspec.json.format(body, indent=1) + b"\n")
        for domain, part in parts.items():
            part.replace(folder / f"{domain}.json")
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    for file in folder.glob("*.json"):
        if file.stem not in domains:
            file.unlink()
