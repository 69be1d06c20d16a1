"""What the environment says of the way to the API holds, as it does for other tools."""

from collections.abc import Callable

import pytest

from rootly_assets.api import RootlyClient
from rootly_assets_tests.api.conftest import Handler, Response, Server, endpoint, ids_of, row


def test_a_proxy_that_the_environment_names_is_used(
    serve: Callable[[Handler], Server],
    client_of: Callable[..., RootlyClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = serve(lambda _: Response({"data": [row(1)], "meta": {"total_count": 1}}))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    # Nothing listens there: only the proxy can have answered.
    assert ids_of(client_of("http://127.0.0.1:9").pages(endpoint())) == [1]


def test_a_host_that_the_environment_exempts_is_asked_directly(
    serve: Callable[[Handler], Server],
    client_of: Callable[..., RootlyClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = serve(lambda _: Response({"data": [row(1)], "meta": {"total_count": 1}}))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert ids_of(client_of(server.url).pages(endpoint())) == [1]
