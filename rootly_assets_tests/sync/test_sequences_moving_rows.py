"""Rows that change while pages are read: one change for each request, in the very list that is asked for."""

import os
import random
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.catalogue import Endpoint, PageStyle, endpoint_of, wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.sync.sequences_changes import Change, Kind, apply
from rootly_assets_tests.sync.sequences_project import REQUESTS_PER_MINUTE, Project, failed
from rootly_assets_tests.sync.sequences_truth import moment, records_of, true_rows
from rootly_assets_tests.sync.sequences_workspace import quiet_workspace

pytestmark = pytest.mark.slow

# Neither times of creation nor parents change: lists are sorted by the ones and found by the others.
COMING_AND_GOING = (Kind.CREATE, Kind.UPDATE, Kind.DELETE)
# Lists whose order we cannot choose: see the last test.
ONLY_COMING, ONLY_GOING = (Kind.CREATE, Kind.UPDATE), (Kind.UPDATE, Kind.DELETE)
SOME_LISTS = [
    "incidents",
    "alerts",
    "alert_events",
    "users",
    "action_items",
    "audits",
    "schedules",
    "schedule_rotations",
    "workflows",
    "workflow_runs",
]

ASKED_FOR = int(os.environ.get("ROOTLY_SEQUENCES", "0"))
SEEDS = range(1 + ASKED_FOR // 50)
LISTS = wired() if ASKED_FOR else [endpoint_of(table) for table in SOME_LISTS]


class Restless:
    """Middleware: while `moving`, changes a row of the very list that is asked for, then lets it answer."""

    def __init__(self, app: ASGIApp, movement: "Movement") -> None:
        self.app = app
        self.movement = movement

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.movement.before(scope["path"])
        await self.app(scope, receive, send)


class Movement:
    """Changes by chance, one for each request.

    Attributes:
        moving: whether anything changes.
        changes: how many changes there were.
    """

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self.workspace = workspace
        self.chance = random.Random(seed)
        self.without_order = ONLY_GOING if seed % 2 else ONLY_COMING
        self.moving = False
        self.changes = 0

    def before(self, path: str) -> None:
        """Change a row of the list at a path."""
        asked_for = next((each for each in LISTS if _is_path_of(each, path)), None)
        if self.moving and asked_for:
            self.changes += 1
            has_order = asked_for.sort or asked_for.pages.style is not PageStyle.NUMBERED
            kinds = COMING_AND_GOING if has_order else self.without_order
            change = Change(self.chance.choice(kinds), row=self.chance.randrange(1000))
            apply(self.workspace, [asked_for], change, self.changes)


def _is_path_of(endpoint: Endpoint, path: str) -> bool:
    wanted, parts = endpoint.path.split("/"), path.split("/")
    return len(wanted) == len(parts) and all(
        want == part or want.startswith("{") for want, part in zip(wanted, parts, strict=True)
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("reading", ["first read", "sync", "full refresh"])
def test_what_is_there_from_the_first_request_to_the_last_is_read(
    tmp_path: Path, reading: str, seed: int
) -> None:
    workspace = quiet_workspace()
    movement = Movement(workspace, seed)
    restless = Middleware(Restless, movement=movement)
    with serve(workspace, requests_per_minute=REQUESTS_PER_MINUTE, middleware=[restless]) as server:
        project = Project(server.url, server.token, workspace, LISTS, tmp_path)
        with project.warehouse.get_connection():
            read_while_rows_move(project, movement, reading)
        project.assert_true()


def read_while_rows_move(project: Project, movement: Movement, reading: str) -> None:
    workspace = project.workspace
    if reading != "first read":
        project.sync()
        workspace.advance(timedelta(minutes=30))
    at_first = {each.table: true_rows(workspace, each).keys() for each in LISTS}
    movement.moving = True
    full = reading == "full refresh"
    outcomes = project.sync(full=full, page_size=4, at_rest=False, concurrency=2)
    movement.moving = False
    assert failed(outcomes) == {}
    assert movement.changes > len(LISTS)
    for endpoint in LISTS:
        if endpoint.table != "alert_routing_rules":  # which the key may not read
            stayed = at_first[endpoint.table] & true_rows(workspace, endpoint).keys()
            assert stayed <= project.rows(endpoint).keys(), endpoint.table
    # What was read in an older state is brought up to date by the next sync.
    project.sync(page_size=4)
    project.sync(full=True)


class Scripted(Movement):
    """One planned change for each request, as long as there are some."""

    def __init__(self, workspace: Workspace, family: list[Endpoint], script: list[Change]) -> None:
        super().__init__(workspace, seed=0)
        self.family = family
        self.script = iter(script)

    def before(self, path: str) -> None:
        """Take the next change."""
        if self.moving and path == self.family[0].path:
            for change in islice(self.script, 1):
                apply(self.workspace, self.family, change, self.changes)
                self.changes += 1


def test_a_row_that_comes_does_not_hide_one_that_goes(tmp_path: Path) -> None:
    workspace = quiet_workspace()
    workspace.advance(timedelta(minutes=30))
    schedules = endpoint_of("schedules")
    oldest, newest = in_order_of_the_list(workspace, schedules)
    script = [
        Change(Kind.DELETE, row=newest),  # page 1
        Change(Kind.CREATE),  # page 2
        Change(Kind.CREATE),  # a page across both
        Change(Kind.DELETE, row=oldest),  # page 3
    ]
    movement = Scripted(workspace, [schedules], script)
    restless = Middleware(Restless, movement=movement)
    at_first = true_rows(workspace, schedules).keys()
    with serve(workspace, requests_per_minute=REQUESTS_PER_MINUTE, middleware=[restless]) as server:
        project = Project(server.url, server.token, workspace, [schedules], tmp_path)
        movement.moving = True
        project.sync(page_size=4, at_rest=False)
    assert movement.changes == len(script)
    stayed = at_first & true_rows(workspace, schedules).keys()
    assert stayed <= project.rows(schedules).keys()


def in_order_of_the_list(workspace: Workspace, endpoint: Endpoint) -> tuple[int, int]:
    """Which of the workspace's records stand first and last in a list without an order of its own."""
    records = records_of(workspace, endpoint)
    order = sorted(
        range(len(records)), key=lambda n: (moment(records[n], "created_at"), records[n].id)
    )
    return order[0], order[-1]
