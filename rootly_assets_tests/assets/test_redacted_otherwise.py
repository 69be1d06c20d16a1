"""After a stricter setting, or an upgrade, a step names the tables whose rows were read before it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from rootly_assets.api import RootlyResource
from rootly_assets.assets.raw import domain_assets
from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets.warehouse.duckdb import DuckDBWarehouse

pytestmark = pytest.mark.slow

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
TABLES = ("incidents", "incident_events", "incident_services", "severities")


def warnings(server: Server, database: Path, *, hidden: str, full_refresh: bool = False) -> str:
    """What a step warns of whose client hides some members."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [domain_assets("incidents")],
            instance=instance,
            selection=[dg.AssetKey(["rootly", table]) for table in TABLES],
            resources={
                "rootly": RootlyResource(
                    base_url=server.url,
                    token=server.token,
                    requests_per_minute=30_000,
                    secret_keys=hidden,
                ),
                "warehouse": DuckDBWarehouse(database=str(database)),
            },
            run_config={"ops": {"rootly_incidents": {"config": {"full_refresh": full_refresh}}}},
        )
        entries = instance.all_logs(result.run_id)
    return "\n".join(each.user_message for each in entries if "other rules" in each.user_message)


def test_a_step_names_them_with_the_command_that_reads_them_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "rootly.duckdb"
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(database))
    monkeypatch.delenv("ROOTLY_LANDING_DIR", raising=False)
    workspace = Workspace.build(incidents=30, now=NOW, history=timedelta(days=60))
    with serve(workspace, requests_per_minute=60_000) as server:
        assert not warnings(server, database, hidden="")
        said = warnings(server, database, hidden="title")
        assert said.endswith(
            "python -m rootly_assets sync --full-refresh incident_events incidents"
        ), "severities are read whole each time, and links hold nothing to hide"
        assert not warnings(server, database, hidden="title", full_refresh=True)
        assert not warnings(server, database, hidden="title")
