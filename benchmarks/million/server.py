"""The process that serves the long lists: `python -m benchmarks.million.server`.

Writes one repeated week of ids and times into a folder, prints one JSON line when it listens, then
obeys lines on standard input: `requests` (answered with requests by path since the last one) and
`change N` (that many records of each list change, a week later). Ends with its input.
"""

import argparse
import socket
import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import uvicorn

from benchmarks.million.app import App
from benchmarks.million.history import WEEK, History
from benchmarks.million.template import Template
from benchmarks.server import say
from benchmarks.workspace import SEED, repeated
from rootly_assets.sandbox import Workspace
from rootly_assets.sandbox.server.settings import SANDBOX_TOKEN

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
LATER = timedelta(days=7)  # beyond whatever a sync reads again to be on the safe side


def main() -> None:
    """Make a week, then serve it as often as it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, required=True)
    parser.add_argument("--alerts", type=int, required=True)
    parser.add_argument("--week", type=int, required=True, help="how many incidents a week has")
    parser.add_argument("--truth", type=Path, required=True)
    options = parser.parse_args()
    rows = {"incidents": options.incidents, "alerts": options.alerts}
    weeks = made(incidents=options.week, alerts=options.week * options.alerts // options.incidents)
    write_truth(weeks, options.truth)
    histories = {name: History(week, now=NOW, rows=rows[name]) for name, week in weeks.items()}
    app = App(histories, now=NOW, token=SANDBOX_TOKEN)
    mean = {name: sum(each.size for each in week) // len(week) for name, week in weeks.items()}
    serve(app, mean)


def made(*, incidents: int, alerts: int) -> dict[str, list[Template]]:
    """A week of the sandbox's company: so many of each, alerts beyond its own as copies."""
    company = Workspace.build(seed=SEED, incidents=incidents, now=NOW, history=WEEK)
    counts = {"incidents": incidents, "alerts": alerts}
    return {
        name: [Template.of(each) for each in islice(repeated(company.records(name)), count)]
        for name, count in counts.items()
    }


def write_truth(weeks: dict[str, list[Template]], folder: Path) -> None:
    """Write what the repeated week holds: `<table>.csv` with id, created and updated in order."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, week in weeks.items():
        lines = [
            f"{each.id},{each.created!r},{each.updated!r}\n"
            for each in sorted(week, key=lambda each: (each.created, each.id), reverse=True)
        ]
        (folder / f"{name}.csv").write_text("".join(lines))


def serve(app: App, record_bytes: dict[str, int]) -> None:
    """Listen on a free port and obey."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, date_header=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    say({"url": url, "token": SANDBOX_TOKEN, "record_bytes": record_bytes})
    for line in sys.stdin:
        order, _, number = line.strip().partition(" ")
        if order == "change":
            app.change(int(number), app.now + LATER)
            say({})
        else:
            say(app.asked)
            app.asked.clear()


if __name__ == "__main__":
    main()
