"""Makes the requests of one group in the threads that all groups share, and adds up what they cost."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from threading import Lock

from rootly_assets.api import Extent, Page, PageReader, RootlyClient, Usage
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.reading.request_pool import RequestPool


class Requester:
    """Reads with a client, and counts.

    Args:
        client: where lists and records are read.
        pool: the threads.

    Attributes:
        client, pool: the same; pages that the client gives are counted where they are `counted`.
    """

    def __init__(self, client: RootlyClient, pool: RequestPool) -> None:
        self.client = client
        self.pool = pool
        self._usage = Usage()
        self._lock = Lock()  # requests are made side by side

    def take_usage(self) -> Usage:
        """What it has cost since this was asked before."""
        with self._lock:
            usage, self._usage = self._usage, Usage()
        return usage

    @contextmanager
    def counted(self, pages: PageReader) -> Generator[PageReader]:
        """Pages to be read in the block, at whose end it is known what they cost."""
        try:
            yield pages
        finally:
            self._add(pages.usage)

    def single(
        self, path: str, record: str, *, include: str = "", retries: int | None = None
    ) -> Page:
        """One record by itself, as a page of its list: see `RootlyClient.single`."""
        usage = Usage()
        try:
            return self.client.single(path, record, usage, include=include, retries=retries)
        finally:
            self._add(usage)

    def extent(self, endpoint: Endpoint, params: Mapping[str, str]) -> Extent:
        """How long a list is, when it is its turn: see `RootlyClient.extent`."""
        usage = Usage()
        try:
            return self.pool.call(lambda: self.client.extent(endpoint, params, usage))
        finally:
            self._add(usage)

    def _add(self, usage: Usage) -> None:
        with self._lock:
            self._usage.add(usage)
