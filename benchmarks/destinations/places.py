"""Where the rows go: an empty PostgreSQL database, or a folder of Parquet files, for each run."""

from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rootly_assets_tests.postgres_server import PostgresServer, postgres_server

POSTGRES, PARQUET = "postgres", "parquet"
TITLES = {POSTGRES: "PostgreSQL", PARQUET: "Parquet files"}


class Places:
    """Gives each run an empty place of its own."""

    def __init__(self, server: PostgresServer | None) -> None:
        self._server = server

    def empty(self, destination: str, folder: Path) -> Mapping[str, str]:
        """The variables that choose the place, for our sync and for the generic loader alike."""
        if destination == PARQUET:
            return {
                "ROOTLY_DESTINATION": "filesystem",
                "ROOTLY_TABLE_FORMAT": "parquet",
                "ROOTLY_BUCKET_URL": str(folder / "files"),
            }
        assert self._server is not None, "it was started for this destination"
        return self._server.database().environment


@contextmanager
def places(destinations: tuple[str, ...]) -> Generator[Places]:
    """Start what these destinations need, for as long as the block lasts."""
    with ExitStack() as stack:
        needed = POSTGRES in destinations
        yield Places(stack.enter_context(postgres_server()) if needed else None)
