"""Steps in processes of their own, by Dagster or on Celery's workers, leave what one process leaves."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest

from rootly_assets.catalogue import wired
from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets_tests.postgres_server import Database, PostgresServer
from rootly_assets_tests.system.celery_worker import redis, worker
from rootly_assets_tests.system.command_line import environment

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).parents[2]

# Each step that has a process of its own costs seconds: three that need no other's rows show what there is.
DOMAINS = ("communications", "retrospectives", "status_pages")
# Together they ask for three times as much as one window has.
PER_WINDOW, WINDOW = 10, 3.0

# What each run has of its own: when it wrote, by this machine's clock, and its name.
OF_THE_RUN = ("_synced_at", "loaded_at", "synced_at", "whole_at", "watermark", "run_id")


@dataclass
class Fleet:
    """One workspace, and a folder from which it is read into a database for each executor."""

    server: Server
    postgres: PostgresServer
    folder: Path
    patch: pytest.MonkeyPatch
    statuses: dict[str, list[int | None]] = field(default_factory=dict)
    databases: dict[str, Database] = field(default_factory=dict)

    def prepare(self, executor: str, **variables: str) -> dict[str, str]:
        """An empty database, and the environment of a run, for this process and those that it starts."""
        self.databases[executor] = database = self.postgres.database()
        given = {
            **environment(self.folder, self.server, **database.environment),
            "ROOTLY_EXECUTOR": executor,
            "ROOTLY_PARALLEL_STEPS": str(len(DOMAINS)),
            "ROOTLY_RETRIES": "5",
            "DAGSTER_HOME": str(self.folder / "home"),
            **variables,
        }
        for name, value in given.items():
            self.patch.setenv(name, value)
        return given

    def run(self, executor: str) -> dg.JobExecutionResult:
        """Run the steps of `DOMAINS`."""
        from rootly_assets.cli.jobs import job_named

        place = (job_named.__module__, job_named.__name__)
        graph = job_named("rootly_sync").asset_layer.asset_graph
        self.server.forget_requests()
        with dg.DagsterInstance.get() as instance:
            result = dg.execute_job(
                dg.build_reconstructable_job(*place, ("rootly_sync",)),
                instance=instance,
                asset_selection=list(dg.AssetSelection.groups(*DOMAINS).resolve(graph)),
            )
        self.statuses[executor] = [request.status for request in self.server.requests]
        return result

    def tables(self, executor: str) -> dict[str, list[str]]:
        """All rows of all raw tables, and of the state, as text."""
        database = self.databases[executor]
        found: dict[str, list[str]] = {}
        for table in (*(each.table for each in wired()), "_rootly_sync"):
            rows = database.query(
                f'SELECT to_jsonb(t) - %s::text[] FROM rootly."{table}" AS t', [list(OF_THE_RUN)]
            )
            found[table] = sorted(str(row) for row in rows)
        return found


@pytest.fixture(scope="module")
def fleet(
    tmp_path_factory: pytest.TempPathFactory, manifest: Path, postgres: PostgresServer
) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    # No model is built here: the definitions need a manifest, and any will do.
    shutil.copytree(manifest, folder / "dbt-postgres")
    (folder / "home").mkdir()
    shutil.copy(REPOSITORY / "dagster.yaml", folder / "home")
    workspace = Workspace.build(incidents=20)
    with (
        pytest.MonkeyPatch.context() as patch,
        serve(workspace, requests_per_minute=PER_WINDOW, rate_window=WINDOW) as server,
    ):
        yield Fleet(server, postgres, folder, patch)


@pytest.fixture(scope="module")
def in_one_process(fleet: Fleet) -> dict[str, list[str]]:
    fleet.prepare("in_process")
    assert fleet.run("in_process").success
    tables = fleet.tables("in_process")
    assert sum(map(len, tables.values())) > 100
    return tables


@pytest.fixture(scope="module")
def in_processes_of_dagsters(fleet: Fleet) -> dg.JobExecutionResult:
    fleet.prepare("multiprocess")
    return fleet.run("multiprocess")


def test_processes_of_dagsters_own_leave_the_same(
    fleet: Fleet,
    in_one_process: dict[str, list[str]],
    in_processes_of_dagsters: dg.JobExecutionResult,
) -> None:
    assert in_processes_of_dagsters.success
    events = [event.event_type_value for event in in_processes_of_dagsters.all_events]
    assert events.count("STEP_WORKER_STARTED") == len(DOMAINS)
    assert fleet.tables("multiprocess") == in_one_process


@pytest.mark.usefixtures("in_one_process", "in_processes_of_dagsters")
def test_processes_that_share_a_key_share_its_allowance(fleet: Fleet) -> None:
    alone, together = fleet.statuses["in_process"], fleet.statuses["multiprocess"]
    assert len(alone) > 2 * PER_WINDOW
    # Nobody reads what another has read; what is refused at first is asked for again, and not lost.
    assert len(together) - together.count(429) == len(alone) - alone.count(429)
    assert together.count(429) < len(together) / 2


def test_workers_of_celery_leave_the_same(
    fleet: Fleet, in_one_process: dict[str, list[str]]
) -> None:
    with redis(fleet.folder) as broker:
        variables = fleet.prepare("celery", **broker)
        with worker(fleet.folder, variables, processes=2) as log:
            assert fleet.run("celery").success, log.read_text()
            assert log.read_text().count("Task execute_plan") >= len(DOMAINS)
    assert fleet.tables("celery") == in_one_process
