"""A step that failed is tried once more: what was not finished is read again, and nothing is taken for done."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from starlette.middleware import Middleware

from rootly_assets.api import RootlyResource
from rootly_assets.assets.raw import domain_assets
from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets_tests.sync.middleware import InItsPlace, OldIncidentsFail

pytestmark = pytest.mark.slow

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
TABLES = ("incidents", "incident_events", "severities")
REQUESTS_A_TRY = 2


@pytest.fixture
def old_incidents() -> OldIncidentsFail:
    return OldIncidentsFail()


@pytest.fixture
def server(old_incidents: OldIncidentsFail) -> Iterator[Server]:
    workspace = Workspace.build(incidents=60, now=NOW, history=timedelta(days=150))
    middleware = [Middleware(InItsPlace, answer=old_incidents)]
    with serve(workspace, requests_per_minute=60_000, middleware=middleware) as server:
        yield server


Run = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def run(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("ROOTLY_STEP_RETRY_DELAY", "0")
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "rootly.duckdb"))
    monkeypatch.delenv("ROOTLY_LANDING_DIR", raising=False)
    assets = domain_assets("incidents")
    with dg.DagsterInstance.ephemeral() as instance:

        def materialize(**config: bool) -> dg.ExecuteInProcessResult:
            server.forget_requests()
            return dg.materialize(
                [assets],
                instance=instance,
                selection=[dg.AssetKey(["rootly", table]) for table in TABLES],
                resources={
                    "rootly": RootlyResource(
                        base_url=server.url,
                        token=server.token,
                        requests_per_minute=30_000,
                        backoff=0.01,
                        retries=REQUESTS_A_TRY - 1,
                    ),
                    "warehouse": DuckDBWarehouse(database=str(tmp_path / "rootly.duckdb")),
                },
                run_config={"ops": {"rootly_incidents": {"config": config}}},
                raise_on_error=False,
            )

        yield materialize


def test_a_sweep_that_failed_is_made_by_the_retry(
    run: Run, server: Server, old_incidents: OldIncidentsFail, tmp_path: Path
) -> None:
    assert run().success
    created = lambda each: each.attributes["created_at"]  # noqa: E731 - a key
    oldest = min(server.workspace.records("incidents"), key=created)
    server.workspace.delete("incidents", oldest.id)
    server.workspace.advance(timedelta(minutes=30))
    old_incidents.failures = REQUESTS_A_TRY
    result = run(sweep=True)
    assert any(event.is_step_restarted for event in result.all_events)
    assert result.success
    with DuckDBWarehouse(database=str(tmp_path / "rootly.duckdb")).get_connection() as connection:
        (marked,) = connection.execute(
            "SELECT _deleted_at IS NOT NULL FROM incidents WHERE id = ?", [oldest.id]
        ).fetchall()
    assert marked == (True,), "the run is green: what was deleted has been looked for"
    reads = [each for each in server.requests if each.path == "/v1/severities"]
    assert len(reads) == 1, "what was finished is not read again"


def test_a_sweep_that_fails_again_fails_the_run(run: Run, old_incidents: OldIncidentsFail) -> None:
    assert run().success
    old_incidents.failures = 2 * REQUESTS_A_TRY
    assert not run(sweep=True).success
