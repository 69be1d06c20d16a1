"""The limit on requests, as clients see it in headers and by being turned away."""

import time
from email.utils import parsedate_to_datetime

import pytest

from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.sandbox.client import Client


def test_every_answer_tells_what_is_left(workspace: Workspace) -> None:
    with serve(workspace, requests_per_minute=50) as server:
        client = Client(server)
        for used, path in enumerate(("/v1/incidents", "/v1/nothing", "/v1/users"), 1):
            headers = client.get(path).headers
            assert headers["X-RateLimit-Limit"] == "50, 50;window=60"
            assert headers["X-RateLimit-Used"] == str(used)
            assert headers["X-RateLimit-Remaining"] == str(50 - used)


@pytest.mark.parametrize("retry_after", [True, False])
def test_one_request_too_many_is_turned_away(workspace: Workspace, retry_after: bool) -> None:
    with serve(workspace, requests_per_minute=3, retry_after=retry_after) as server:
        client = Client(server)
        answers = [client.get("/v1/severities") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        refused = answers[-1]
        assert refused.json() == {"error": "Rate limit exceeded. Try again later."}
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert ("Retry-After" in refused.headers) is retry_after


def test_the_window_slides(workspace: Workspace) -> None:
    with serve(workspace, requests_per_minute=2, rate_window=0.3) as server:
        client = Client(server)
        statuses = [client.get("/v1/severities").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        time.sleep(0.35)
        assert client.get("/v1/severities").status_code == 200


def test_the_reset_is_told_by_the_servers_own_clock(workspace: Workspace) -> None:
    """The workspace lives in another year; within one answer, its times agree."""
    with serve(workspace) as server:
        headers = Client(server).get("/v1/severities").headers
    now = parsedate_to_datetime(headers["Date"])
    assert now == workspace.now
    assert 59 <= int(headers["X-RateLimit-Reset"]) - now.timestamp() <= 61
