"""The process that serves: `python -m benchmarks.server`; its CPU and memory are nobody's figures.

Writes the truth into a folder, prints one JSON line when it listens, then answers each line on
standard input with the number of requests by path since the last one. Ends with its input.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import requests

from benchmarks.workspace import Copy, build
from rootly_assets.sandbox import Workspace, serve

TABLES = ("incidents", "alerts")
REQUESTS_PER_MINUTE = 1_000_000  # so that nobody waits for the limit


def main() -> None:
    """Build, write the truth, serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, required=True)
    parser.add_argument("--alerts", type=int, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    options = parser.parse_args()
    workspace = build(incidents=options.incidents, alerts=options.alerts)
    record_bytes = write_truth(workspace, options.truth)
    with serve(workspace, requests_per_minute=REQUESTS_PER_MINUTE) as server:
        warm(server.url, server.token)
        say({"url": server.url, "token": server.token, "record_bytes": record_bytes})
        for _ in sys.stdin:
            say(Counter(request.path for request in server.requests))
            server.forget_requests()


def write_truth(workspace: Workspace, folder: Path) -> dict[str, int]:
    """Write every id, and every record that is not a copy; returns the mean record in bytes.

    Args:
        workspace: what is served.
        folder: gets `<table>.ids` (one a line) and `<table>.ndjson` (one resource object a line).
    """
    folder.mkdir(parents=True, exist_ok=True)
    mean: dict[str, int] = {}
    for table in TABLES:
        records = workspace.records(table)
        ids = "".join(f"{record.id}\n" for record in records)
        (folder / f"{table}.ids").write_text(ids)
        originals = [record.json() for record in records if not isinstance(record, Copy)]
        with (folder / f"{table}.ndjson").open("wb") as file:
            file.writelines(line + b"\n" for line in originals)
        mean[table] = sum(map(len, originals)) // max(1, len(originals))
    return mean


def warm(url: str, token: str) -> None:
    """Ask for each list once, so that nobody waits while the server puts it in order."""
    for table in TABLES:
        for order in (
            "",
            "&sort=created_at",
            "&sort=-created_at",
            "&filter[created_at][gte]=2015-01-01",
            "&filter[updated_at][gte]=2015-01-01",
        ):
            requests.get(
                f"{url}/v1/{table}?page[size]=1{order}",
                headers={"Authorization": f"Bearer {token}"},
                timeout=600,
            ).raise_for_status()


def say(message: object) -> None:
    """Print one line of JSON for the process that asked."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
