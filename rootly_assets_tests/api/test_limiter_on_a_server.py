"""The limiter against a real sliding window: the sandbox counts, eight threads ask for all they can get.

The window is 3 s long, so that the test is short; `ROOTLY_RATE_WINDOW=60` makes it Rootly's own, of 3,000
requests a minute.
"""

import os
import threading
import time

import pytest

from rootly_assets.api import RootlyClient, RootlyResource
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Server, Workspace, serve

pytestmark = pytest.mark.slow

PER_SECOND = 50
WINDOW = float(os.environ.get("ROOTLY_RATE_WINDOW", "3"))
ALLOWED = int(PER_SECOND * WINDOW)
WINDOWS = 2
THREADS = 8


def flood(client: RootlyClient, seconds: float) -> list[float]:
    """When each answer came, in seconds since the start, while every thread asks as fast as it may."""
    began = time.monotonic()
    answered: list[float] = []

    def ask() -> None:
        while time.monotonic() < began + seconds:
            list(client.pages(endpoint_of("severities")))
            answered.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answered


def refused(server: Server) -> int:
    return sum(each.status == 429 for each in server.requests)


def test_nearly_all_of_the_allowance_is_used_and_nothing_is_refused() -> None:
    workspace = Workspace.build(incidents=0)
    with serve(workspace, requests_per_minute=ALLOWED, rate_window=WINDOW) as server:
        resource = RootlyResource(
            base_url=server.url, token=server.token, requests_per_minute=60 * PER_SECOND
        )
        answered = flood(resource.client(), seconds=(1 + WINDOWS) * WINDOW)
        # The first window is a burst; afterwards a request may go when another leaves the window.
        steady = [each for each in answered if WINDOW < each <= (1 + WINDOWS) * WINDOW]
        assert refused(server) == 0
        assert len(steady) >= 0.95 * WINDOWS * ALLOWED


def test_requests_in_no_hurry_leave_their_share_to_others() -> None:
    workspace = Workspace.build(incidents=0)
    with serve(workspace, requests_per_minute=ALLOWED, rate_window=WINDOW) as server:
        resource = RootlyResource(
            base_url=server.url,
            token=server.token,
            requests_per_minute=60 * PER_SECOND,
            sweep_percent=40,
        )
        client, severities = resource.client(), endpoint_of("severities")
        began = time.monotonic()
        asked = 0
        while time.monotonic() < began + WINDOW / 2:
            list(client.pages(severities, unhurried=True))
            asked += 1
        assert 0.3 * ALLOWED <= asked <= 0.4 * ALLOWED + 1
        before = client.usage().seconds_waited
        for _ in range(int(0.6 * ALLOWED) - 1):
            list(client.pages(severities))
        assert client.usage().seconds_waited == before, "what is in a hurry does not wait"
        assert refused(server) == 0
