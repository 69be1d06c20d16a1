"""Runs the project's jobs in this process, on a sandbox, with everything that is written in one folder."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets.warehouse.duckdb import DuckDBWarehouse


class AlwaysFails:
    """Middleware: one path answers 500, for ever or until `mended`."""

    mended = False

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Fail the path, pass on everything else."""
        if scope["type"] == "http" and scope["path"] == self.path and not AlwaysFails.mended:
            await JSONResponse({"error": "Internal error"}, status_code=500)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Project:
    """The project in one folder, reading from one sandbox."""

    def __init__(self, server: Server, folder: Path, instance: dg.DagsterInstance) -> None:
        self.server = server
        self.workspace = server.workspace
        self.folder = folder
        self.instance = instance

    @property
    def definitions(self) -> dg.Definitions:
        """The project's definitions, as the environment is now."""
        from rootly_assets.definitions import defs

        return defs()

    def run(
        self, job: str, *, selection: dg.AssetSelection | None = None, **config: Any
    ) -> dg.ExecuteInProcessResult:
        """Run a job, or a part of it; `config` goes to every step that reads lists."""
        from rootly_assets.assets.raw import domains
        from rootly_assets.assets.steps import step_name

        definitions = self.definitions
        of_job = {node.name for node in definitions.resolve_job_def(job).graph.nodes}
        steps = {step_name(domain) for domain in domains()} & of_job
        ops = {step: {"config": config} for step in steps} if config else {}
        keys = None
        if selection is not None:
            keys = list(selection.resolve(definitions.resolve_asset_graph()))
        self.server.forget_requests()
        return definitions.resolve_job_def(job).execute_in_process(
            run_config={"ops": ops},
            instance=self.instance,
            raise_on_error=False,
            asset_selection=keys,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the DuckDB file; raw tables need no schema."""
        warehouse = DuckDBWarehouse(database=str(self.database))
        with warehouse.get_connection() as connection:
            return connection.execute(query).fetchall()

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.folder / "warehouse.duckdb"

    def everything(self) -> str:
        """All rows of all raw tables and marts as one text."""
        parts: list[str] = []
        with duckdb.connect(str(self.database), read_only=True) as connection:
            tables = connection.execute(
                "SELECT schema_name, table_name FROM duckdb_tables()"
            ).fetchall()
            for schema, table in tables:
                rows = connection.execute(f'SELECT t::VARCHAR FROM "{schema}"."{table}" AS t')
                parts += [row[0] for row in rows.fetchall()]
        return "\n".join(parts)


@contextmanager
def project(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    manifest: Path | None,
    *,
    workspace: Workspace | None = None,
    incidents: int = 40,
    middleware: Sequence[Middleware] = (),
) -> Iterator[Project]:
    """A project of its own on a sandbox of its own.

    Args:
        monkeypatch: sets the environment.
        folder: takes everything that is written.
        manifest: a prepared dbt folder to begin with, since parsing takes long; None where there is one.
        workspace: what is read; a new one without it.
        incidents: size of a new workspace.
        middleware: faults of the server.
    """
    if manifest is not None:
        shutil.copytree(manifest, folder / "dbt")
    with (
        serve(
            workspace or Workspace.build(incidents=incidents),
            requests_per_minute=100_000,
            middleware=middleware,
        ) as server,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        for name, value in {
            "ROOTLY_API_URL": server.url,
            "ROOTLY_API_TOKEN": server.token,
            "ROOTLY_DUCKDB_PATH": str(folder / "warehouse.duckdb"),
            "ROOTLY_TIME_ZONE": TIME_ZONE.key,
            "ROOTLY_REQUESTS_PER_MINUTE": "100000",
            "ROOTLY_RETRIES": "1",
            "ROOTLY_STEP_RETRY_DELAY": "0",
            # To work it out takes longer than building the models.
            "ROOTLY_COLUMN_LINEAGE": "false",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("ROOTLY_LANDING_DIR", raising=False)
        yield Project(server, folder, instance)
