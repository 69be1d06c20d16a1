"""`python -m rootly_assets.catalogue`: list the endpoints, or derive them anew from the vendor's document."""

import argparse
import sys

import msgspec
from rich.console import Console
from rich.table import Table

from rootly_assets.catalogue import Endpoint, catalogue
from rootly_assets.catalogue.derive import derive
from rootly_assets.catalogue.openapi import read_document
from rootly_assets.catalogue.store import write


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rootly_assets.catalogue", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="print every endpoint")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    refresh = commands.add_parser("refresh", help="derive the catalogue from an OpenAPI document")
    refresh.add_argument("source", help="a file or URL of the vendor's OpenAPI document")
    options = parser.parse_args(arguments)
    if options.command == "refresh":
        return _refresh(options.source)
    return _list(as_json=options.json)


def _list(*, as_json: bool) -> int:
    if as_json:
        for endpoint in catalogue():
            sys.stdout.write(msgspec.json.encode(_summary(endpoint)).decode() + "\n")
        return 0
    table = Table("domain", "table", "path", "kept current", "columns")
    for endpoint in catalogue():
        note = "same rows as above" if endpoint.same_rows_as else endpoint.strategy
        table.add_row(
            endpoint.domain, endpoint.table, endpoint.path, note, str(len(endpoint.columns))
        )
    Console().print(table)
    return 0


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


def _refresh(source: str) -> int:
    before = {endpoint.path: endpoint for endpoint in catalogue()}
    try:
        endpoints = derive(read_document(source))
    except ValueError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    write(endpoints)
    after = {endpoint.path: endpoint for endpoint in endpoints}
    console = Console()
    for path in sorted(before.keys() | after.keys()):
        if path not in before:
            console.print(f"[green]new[/green]      {path} -> {after[path].table}", soft_wrap=True)
        elif path not in after:
            console.print(f"[red]gone[/red]     {path}", soft_wrap=True)
        elif before[path] != after[path]:
            added = after[path].columns.keys() - before[path].columns.keys()
            said = f"{path} {' '.join(sorted(added))}".rstrip()
            console.print(f"[yellow]changed[/yellow]  {said}", soft_wrap=True)
    console.print(f"{len(endpoints)} list endpoints in the catalogue.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
