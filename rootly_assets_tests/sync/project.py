"""A warehouse that follows a sandbox, one sync after another."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from rootly_assets.api import RootlyClient, RootlyResource
from rootly_assets.catalogue import Endpoint
from rootly_assets.sandbox import Server
from rootly_assets.sync.outcome import Outcome, Progress
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.duckdb import DuckDBWarehouse


@contextmanager
def following(
    server: Server, folder: Path, endpoints: Iterable[Endpoint], *, page_size: int = 100
) -> "Iterator[Project]":
    """A project that nobody else looks into."""
    project = Project(server, folder, endpoints, page_size=page_size)
    # While somebody has the file open, opening it once more costs next to nothing.
    with project.warehouse.get_connection():
        yield project


class Project:
    """A warehouse that follows a sandbox.

    It has tables for the lists that are named, and no others: every table makes opening the file slower.
    """

    def __init__(
        self,
        server: Server,
        folder: Path,
        endpoints: Iterable[Endpoint],
        *,
        page_size: int = 100,
    ) -> None:
        self.server = server
        self.workspace = server.workspace
        self.client: RootlyClient = RootlyResource(
            base_url=server.url,
            token=server.token,
            page_size=page_size,
            requests_per_minute=30_000,
            backoff=0.01,
        ).client()
        self.warehouse = DuckDBWarehouse(database=str(folder / "warehouse.duckdb"))
        self.warehouse.prepare(endpoints)
        self.landing = folder / "landing"
        self.runs = 0

    def sync(
        self,
        endpoints: Iterable[Endpoint],
        *,
        on_progress: Callable[[Progress], None] = lambda _: None,
        concurrency: int = 2,
        **options: bool | int | timedelta | datetime,
    ) -> dict[str, Outcome]:
        self.runs += 1
        self.server.forget_requests()
        outcomes = sync(
            endpoints=endpoints,
            client=self.client,
            loader=self.warehouse,
            states=dict(self.warehouse.states()),
            options=SyncOptions(**options),  # pyright: ignore[reportArgumentType]
            landing_root=self.landing,
            run_id=f"run-{self.runs}",
            concurrency=concurrency,
            on_progress=on_progress,
        )
        return {each.endpoint.table: each for each in outcomes}

    def ids(self, table: str) -> set[str]:
        return {row[0] for row in self.rows(table, "id")}

    def rows(self, table: str, columns: str) -> list[tuple[str, ...]]:
        with self.warehouse.get_connection() as connection:
            return connection.execute(
                f'SELECT {columns} FROM "{table}" WHERE _deleted_at IS NULL'
            ).fetchall()

    def get(self, path: str, params: dict[str, str]) -> dict[str, Any]:
        """A document straight from the sandbox, past the client."""
        headers = {"Authorization": f"Bearer {self.server.token}"}
        answer = requests.get(self.server.url + path, params=params, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def requests_below(self, path: str) -> int:
        return sum(each.path.startswith(path) for each in self.server.requests)
