"""`python -m rootly_assets.catalogue`: list what the project knows of the API, compare it, or renew it."""

import argparse
import signal
import sys

import msgspec
from rich.console import Console
from rich.table import Table

from rootly_assets.catalogue import Endpoint, catalogue
from rootly_assets.catalogue.drift import Drift, Kind, compare
from rootly_assets.catalogue.published import published
from rootly_assets.catalogue.store import FOLDER, readable, write


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rootly_assets.catalogue", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="print every endpoint")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    refresh = commands.add_parser(
        "refresh", help="derive the catalogue from an OpenAPI document, and say what changed in it"
    )
    refresh.add_argument("source", help="a file or URL of the vendor's OpenAPI document")
    drift = commands.add_parser(
        "drift",
        help="say what the OpenAPI document has that the catalogue has not; writes nothing",
        description="Exit status: 0 where nothing differs, 1 where something does, 2 without a document.",
    )
    drift.add_argument(
        "source", nargs="?", help="a file or URL; ROOTLY_OPENAPI_URL or Rootly's own by default"
    )
    drift.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    if options.command == "refresh":
        return _refresh(options.source)
    if options.command == "drift":
        return _drift(options.source, as_json=options.json)
    return _list(as_json=options.json)


def _list(*, as_json: bool) -> int:
    if as_json:
        for endpoint in catalogue():
            sys.stdout.write(msgspec.json.encode(_summary(endpoint)).decode() + "\n")
        return 0
    table = Table("domain", "table", "path", "kept current", "columns")
    for endpoint in catalogue():
        note, columns = _kept_current(endpoint), str(len(endpoint.columns))
        table.add_row(endpoint.domain, endpoint.table, endpoint.path, note, columns)
    # Only a window limits what can be seen: what reads the lines gets every name whole.
    Console(width=None if sys.stdout.isatty() else 400).print(table)
    return 0


def _kept_current(endpoint: Endpoint) -> str:
    if endpoint.same_rows_as:
        return f"same rows as {endpoint.same_rows_as}"
    if endpoint not in readable():
        return "never read"
    return f"{endpoint.strategy}, if asked for" if endpoint.optional else endpoint.strategy


def _summary(endpoint: Endpoint) -> dict[str, object]:
    return {
        "path": endpoint.path,
        "table": endpoint.table,
        "asset_key": endpoint.asset_key,
        "domain": endpoint.domain,
        "strategy": endpoint.strategy,
        "parent": endpoint.parent,
        "columns": endpoint.columns,
    }


def _refused(error: ValueError | str, *, status: int) -> int:
    Console(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
    return status


STYLES = {Kind.NEW: "green", Kind.GONE: "red", Kind.CHANGED: "yellow"}


def _drift(source: str | None, *, as_json: bool) -> int:
    if source is None:
        # Late: the other commands need no settings.
        from rootly_assets.settings import openapi_url

        source = openapi_url()
    try:
        drift = compare(catalogue(), published(source))
    except ValueError as error:
        return _refused(error, status=2)
    if as_json:
        answer = {
            "source": source,
            "is_current": drift.is_current,
            "summary": drift.summary(),
            "lists": drift.lists,
        }
        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    else:
        _print_drift(drift, source)
    return 0 if drift.is_current else 1


def _print_drift(drift: Drift, source: str) -> None:
    # Late: it asks the settings, which the other commands do not need.
    from rootly_assets.installation import python

    console = Console(highlight=False)
    _print_lists(drift, console)
    console.print(drift.summary(), markup=False, soft_wrap=True)
    if not drift.is_current:
        console.print(
            f"To take it over: {python(f'rootly_assets.catalogue refresh {source}')}",
            markup=False,
            soft_wrap=True,
        )


def _print_lists(drift: Drift, console: Console) -> None:
    """Each list that differs, and below it what does: a line a fact."""
    for each in drift.lists:
        console.print(f"{each.path} (table {each.table})", markup=False, soft_wrap=True)
        for change in each.changes:
            console.print(f"  {change.kind:<8} ", style=STYLES[change.kind], end="")
            console.print(change.sentence(), markup=False, soft_wrap=True)


def _not_written(error: OSError) -> str:
    return (
        f"The catalogue can't be written to {FOLDER}: {error.strerror}. It stays as it was. Refresh it in a "
        "checkout, where the difference can be read and kept, and install from there."
    )


def _refresh(source: str) -> int:
    try:
        endpoints = published(source)
    except ValueError as error:
        return _refused(error, status=1)
    drift = compare(catalogue(), endpoints)
    try:
        write(endpoints)
    except OSError as error:
        return _refused(_not_written(error), status=1)
    console = Console(highlight=False)
    _print_lists(drift, console)
    changed = f"By lists: {drift.tally()}." if drift.lists else "Nothing changed."
    console.print(f"{changed} {len(endpoints)} list endpoints in the catalogue.")
    return 0


if __name__ == "__main__":
    # `… | head` reads no further: end without a word, as other commands do.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
