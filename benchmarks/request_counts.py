"""`python -m benchmarks requests`: how many requests the whole workspace takes, at first and from then on."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.report import Part, Section
from benchmarks.server import REQUESTS_PER_MINUTE
from benchmarks.workspace import SEED
from rootly_assets.catalogue import Endpoint, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.fewest_requests import fewest_requests
from rootly_assets_tests.sync.project import Project, following

TITLE = "Requests of the whole workspace"
EXPLANATION = (
    "All lists that are read by default, from a sandbox that counts what it answers. Fewest is what a "
    "list can't be read with fewer of: a page for every hundred rows (fifty alert events, a thousand "
    "shifts), and one a parent where Rootly has no list and no include. The larger company is as busy as "
    "the smaller one, and has been for ten times as long. With nothing changed, lists of settings take a "
    "request for every hundred rows, and those that tell nobody that they grow one a parent."
)
COLUMNS = ("incidents", "rows", "first read", "fewest", "times", "nothing changed", "with changes")
MOST = 1.05
DAYS_AN_INCIDENT = 0.2
LARGER = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """What a company took.

    Attributes:
        incidents, rows: of the company, and of all tables after the first read.
        first, fewest: requests of the first read, and what can't be done with fewer of.
        unchanged: requests of a sync with nothing changed.
        changed: requests of one with some incidents and action items changed.
    """

    incidents: int
    rows: int
    first: int
    fewest: int
    unchanged: int
    changed: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Size."""
    parser.add_argument("--incidents", type=int, default=500, help="of the smaller company")
    parser.add_argument("--changed", type=int, default=20, help="incidents that change")


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """Two companies, one after the other."""
    found: list[Counts] = []
    for incidents in (options.incidents, LARGER * options.incidents):
        say(f"a company of {incidents:,} incidents")
        found.append(counted(incidents, options.changed, say))
    rows = [
        (
            f"{each.incidents:,}",
            f"{each.rows:,}",
            f"{each.first:,}",
            f"{each.fewest:,}",
            f"{each.first / each.fewest:.3f}",
            f"{each.unchanged:,}",
            f"{each.changed:,}",
        )
        for each in found
    ]
    most = max(each.first / each.fewest for each in found)
    heading = f"Then {options.changed} incidents and as many action items change"
    small, large = found
    remarks = (
        f"first read: {most:.3f} times the fewest possible at most (aim: {MOST} or less)",
        f"the changes took {small.changed - small.unchanged:,} requests more than none after "
        f"{small.incidents:,} incidents, {large.changed - large.unchanged:,} after "
        f"{large.incidents:,} (aim: the same)",
    )
    return Section(TITLE, EXPLANATION, [Part(heading, COLUMNS, rows, remarks)])


def counted(incidents: int, changed: int, say: Callable[[str], None]) -> Counts:
    """Read a company three times."""
    history = timedelta(days=DAYS_AN_INCIDENT * incidents)
    workspace = Workspace.build(seed=SEED, incidents=incidents, history=history)
    endpoints = wired()
    with (
        tempfile.TemporaryDirectory(prefix="rootly-assets-requests-") as name,
        serve(workspace, requests_per_minute=REQUESTS_PER_MINUTE) as server,
        following(server, Path(name), endpoints, page_size=1000) as project,
    ):
        fewest = sum(fewest_requests(workspace, each) for each in endpoints)
        first, rows = synced(project, endpoints)
        say(f"first read: {first:,} requests")
        # Out of the reach of the look-backs, so that nothing but the changes is to be read.
        workspace.advance(timedelta(days=10))
        synced(project, endpoints)
        workspace.advance(timedelta(minutes=1))
        unchanged, _ = synced(project, endpoints)
        workspace.advance(timedelta(minutes=1))
        for kind, words in (("incidents", "title"), ("incident_action_items", "summary")):
            for each in workspace.records(kind)[:changed]:
                workspace.update(kind, each.id, **{words: "Changed"})
        after, _ = synced(project, endpoints)
        return Counts(
            incidents=incidents,
            rows=rows,
            first=first,
            fewest=fewest,
            unchanged=unchanged,
            changed=after,
        )


def synced(project: Project, endpoints: Sequence[Endpoint]) -> tuple[int, int]:
    """Requests, and rows of all tables."""
    outcomes = project.sync(endpoints, concurrency=8)
    for outcome in outcomes.values():
        if outcome.status is Status.FAILED:
            raise RuntimeError(f"{outcome.endpoint.table}: {outcome.status}") from outcome.error
    rows = sum(each.loaded.rows for each in outcomes.values() if each.loaded)
    return len(project.server.requests), rows
