"""Whatever happens between and during syncs: nothing is lost, nothing is there twice.

Each sequence of changes, troubles and interrupted syncs runs against the real sandbox over HTTP and a
real DuckDB file. After every sync each table is held to what is promised of its list: a list that
failed or was not reached is as before; one that was loaded is as promised (`sequences_promise.py`).
Each sequence ends with a sync that nothing disturbs, which repairs whatever happened, and a full
refresh, after which every table equals the server's truth.

`ROOTLY_SEQUENCES=500` runs that many, by chance; without it there are few, the same each time.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.catalogue import Endpoint, endpoint_of, wired
from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.app import application
from rootly_assets.sandbox.server.request_log import RequestLog
from rootly_assets.sandbox.server.settings import Settings
from rootly_assets_tests.sync.sequences_changes import Change, Kind, apply
from rootly_assets_tests.sync.sequences_family import families
from rootly_assets_tests.sync.sequences_project import (
    REQUESTS_PER_MINUTE,
    Project,
    Stop,
    Where,
    failed,
)
from rootly_assets_tests.sync.sequences_troubles import Fault, Trouble, Troubles
from rootly_assets_tests.sync.sequences_workspace import NOW, quiet_workspace

pytestmark = pytest.mark.slow

FAMILIES = families()
ASKED_FOR = int(os.environ.get("ROOTLY_SEQUENCES", "0"))
EACH = max(1, round(ASKED_FOR / len(FAMILIES)))


@dataclass(frozen=True)
class Wait:
    """The workspace's clock moves on."""

    minutes: int


@dataclass(frozen=True)
class Sync:
    """The lists are read."""

    full: bool = False
    sweep: bool = False
    page_size: int = 1000
    rows_at_once: int = 5000
    trouble: Trouble | None = None
    stop: Stop | None = None


Step = Change | Wait | Sync

changes = st.builds(
    Change, kind=st.sampled_from(Kind), table=st.integers(0, 20), row=st.integers(0, 40)
)
waits = st.builds(Wait, minutes=st.sampled_from([1, 9, 61, 60 * 24, 60 * 24 * 9]))
page_sizes = st.sampled_from([1000, 7, 3])
loads = st.integers(0, 8)
requests = st.integers(0, 30)
syncs = st.builds(
    Sync,
    full=st.sampled_from([False, False, False, True]),
    sweep=st.sampled_from([False, False, True]),
    page_size=page_sizes,
    rows_at_once=st.sampled_from([5000, 4]),
    trouble=st.none()
    | st.builds(Trouble, fault=st.sampled_from(Fault), request=requests, stays=st.booleans()),
    stop=st.none() | st.builds(Stop, load=loads, where=st.sampled_from(Where)),
)
sequences = st.lists(changes | changes | changes | waits | syncs, min_size=6, max_size=16)


def every_change(family: list[Endpoint], *, rows: int) -> list[Step]:
    """Each kind of change in each list of a family."""
    return [
        Change(kind, table, rows * n) for table in range(len(family)) for n, kind in enumerate(Kind)
    ]


class Stage:
    """Middleware: lets each example have a workspace of its own, without a server of its own."""

    def __init__(self, app: ASGIApp, stage: "Staged") -> None:
        self.app = app
        self.stage = stage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.stage.app is not None
        await self.stage.troubles.answer(self.stage.app, scope, receive, send)


class Staged:
    """What is on stage: an application, and the troubles before it."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.troubles = Troubles()

    def show(self, workspace: Workspace) -> None:
        settings = Settings(requests_per_minute=REQUESTS_PER_MINUTE)
        self.app = application(workspace, settings, log=RequestLog())
        self.troubles.begin(None)


@pytest.fixture(scope="module")
def staged() -> Iterator[tuple[Server, Staged]]:
    stage = Staged()
    empty = Workspace.build(incidents=0, now=NOW)
    with serve(empty, middleware=[Middleware(Stage, stage=stage)]) as server:
        yield server, stage


def test_the_families_are_all_lists_that_are_read() -> None:
    tables = [each.table for family in FAMILIES for each in family]
    assert sorted(tables) == sorted(each.table for each in wired())


each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0].table)


@each_family
def test_each_kind_of_change_in_each_list(
    staged: tuple[Server, Staged], family: list[Endpoint]
) -> None:
    steps: list[Step] = [
        Sync(
            page_size=7,
            rows_at_once=4,
            trouble=Trouble(Fault.RESET, 3),
            stop=Stop(4, Where.AFTER_COMMIT),
        ),
        *every_change(family, rows=3),
        Sync(page_size=7, trouble=Trouble(Fault.CUT, 5, stays=True)),
        Wait(60 * 24),
        *every_change(family, rows=5),
        Sync(page_size=7, rows_at_once=4, sweep=True),
    ]
    follow(*staged, family, steps)


@pytest.mark.exhaustive
@each_family
@settings(
    max_examples=EACH,
    derandomize=not ASKED_FOR,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(steps=sequences.filter(lambda steps: any(isinstance(each, Sync) for each in steps)))
def test_nothing_is_lost_and_nothing_is_there_twice(
    staged: tuple[Server, Staged], family: list[Endpoint], steps: list[Step]
) -> None:
    follow(*staged, family, steps)


def follow(server: Server, stage: Staged, family: list[Endpoint], steps: list[Step]) -> None:
    """Take the steps, then a sync that nothing disturbs, then a full refresh."""
    workspace = quiet_workspace()
    stage.show(workspace)
    with TemporaryDirectory() as folder:
        project = Project(server.url, server.token, workspace, family, Path(folder))
        # While somebody has the file open, opening it once more costs next to nothing.
        with project.warehouse.get_connection():
            for number, step in enumerate(steps):
                match step:
                    case Change():
                        apply(workspace, family, step, number)
                    case Wait():
                        workspace.advance(timedelta(minutes=step.minutes))
                    case Sync():
                        take(project, stage.troubles, step)
            take(project, stage.troubles, Sync(page_size=7))
            take(project, stage.troubles, Sync(full=True))
        project.assert_true()


def take(project: Project, troubles: Troubles, step: Sync) -> None:
    """Sync, with what is to go wrong; what passes must not be noticed."""
    troubles.begin(step.trouble)
    outcomes = project.sync(
        full=step.full,
        sweep=step.sweep,
        page_size=step.page_size,
        rows_at_once=step.rows_at_once,
        stop=step.stop,
    )
    passes = step.trouble is None or not (step.trouble.stays or step.trouble.fault is Fault.DEEP)
    if step.stop is None and passes:
        assert failed(outcomes) == {}
        assert outcomes.keys() == {each.table for each in project.family}
    troubles.begin(None)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1)], ids=["at once", "late"])
def test_an_event_that_sorts_before_the_last_one_read_is_read_too(
    staged: tuple[Server, Staged], tmp_path: Path, late: timedelta
) -> None:
    server, stage = staged
    workspace = quiet_workspace()
    stage.show(workspace)
    feed = endpoint_of("alert_events")
    project = Project(server.url, server.token, workspace, [feed], tmp_path)
    for number in range(5):
        apply(workspace, [feed], Change(Kind.CREATE), number)
    project.sync(page_size=2)
    stamp = workspace.timestamp(workspace.now - late)
    like = workspace.records("alert_events")[0]
    times = {"created_at": stamp, "updated_at": stamp}
    smallest = "00000000-0000-4000-8000-000000000000"
    workspace.add(Record(like.type, smallest, like.attributes | times, parents=dict(like.parents)))
    project.sync(page_size=2)
    assert smallest in project.rows(feed)
