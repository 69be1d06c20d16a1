"""What may pass by itself is tried again; what doesn't ends in a sentence with endpoint and remedy."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.utils import formatdate
from time import sleep

import pytest

from rootly_assets.api import (
    BrokenBody,
    ClientSettings,
    Forbidden,
    NotFound,
    RateLimited,
    RedirectRefused,
    Rejected,
    RootlyClient,
    RootlyError,
    Unauthorized,
    Unavailable,
)
from rootly_assets.api.limiter import Limiter

from .conftest import TOKEN, Response, endpoint, ids_of, numbered_page, row

THINGS = endpoint()
GOOD = Response(numbered_page([row(i) for i in range(3)], {}))
WHOLE = GOOD.content


def first(*responses):
    """Answer with these in turn, then well."""
    waiting = list(responses)
    return lambda _: waiting.pop(0) if waiting else GOOD


@pytest.mark.parametrize(
    "bad",
    [
        Response(b"oops", 500),
        Response(b"", 502),
        Response(b"", 503, {"Retry-After": "2"}),
        Response(WHOLE[:-40]),
        Response(b""),
        Response(b"<!DOCTYPE html><html>Sign in</html>", headers={"Content-Type": "text/html"}),
        Response({"meta": {}}),
        Response({"data": None}),
        Response(b'{"data": [{"id": "1"'),
        Response(WHOLE, cut_after=30),
        Response(WHOLE, cut_after=0),
    ],
    ids=[
        "500",
        "502",
        "503",
        "cut",
        "empty",
        "html",
        "no-data",
        "null",
        "damaged",
        "reset",
        "reset0",
    ],
)
def test_what_may_pass_is_read_again(serve, client_of, clock, bad):
    server = serve(first(bad, bad))
    pages = client_of(server.url).pages(THINGS)
    assert ids_of(pages) == [0, 1, 2]
    assert len(server.requests) == 3
    assert (pages.usage.requests, pages.usage.retries) == (3, 2)
    assert pages.usage.seconds_waited == pytest.approx(sum(clock.slept))
    assert 0 < clock.slept[0] < 5


def test_a_body_cut_short_is_never_the_end_of_the_list(serve, client_of):
    def answer(request):
        body = Response(numbered_page([row(i) for i in range(250)], request.query)).content
        return Response(body[:-20] if request.query["page[number]"] == "2" else body)

    with pytest.raises(
        BrokenBody, match="/v1/things answered 200, but with JSON that is cut short"
    ):
        list(client_of(serve(answer).url).pages(THINGS))


def test_html_instead_of_json_is_named(serve, client_of):
    server = serve(lambda _: Response(b"<html>Sign in</html>"))
    with pytest.raises(BrokenBody, match="a web page"):
        list(client_of(server.url).pages(THINGS))
    assert len(server.requests) == 6


def test_pauses_grow_and_stay_below_their_limit(serve, client_of, clock):
    server = serve(lambda _: Response(b"", 500))
    client = client_of(server.url, retries=8, backoff=1.0, backoff_limit=10.0)
    with pytest.raises(Unavailable):
        list(client.pages(THINGS))
    for number, pause in enumerate(clock.slept):
        whole = min(10.0, 2.0**number)
        assert whole / 2 <= pause <= whole
    assert len(clock.slept) == 8


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, Rejected, "filter is unknown"),
        (401, Unauthorized, "ROOTLY_API_TOKEN"),
        (403, Forbidden, "product"),
        (404, NotFound, "nothing at /v1/things"),
        (405, Rejected, "refuses"),
        (422, Rejected, "filter is unknown"),
    ],
)
def test_refusals_are_not_repeated_and_say_what_to_do(serve, client_of, status, kind, words):
    body = {"errors": [{"title": "No", "detail": "filter is unknown", "status": str(status)}]}
    server = serve(lambda _: Response(body, status))
    with pytest.raises(kind, match=words) as caught:
        list(client_of(server.url).pages(THINGS))
    assert len(server.requests) == 1
    assert caught.value.endpoint == "/v1/things"
    assert caught.value.status == status


def test_500s_that_dont_stop_end_in_unavailable(serve, client_of):
    server = serve(lambda _: Response(b"", 500))
    with pytest.raises(Unavailable, match=r"/v1/things .*500"):
        list(client_of(server.url).pages(THINGS))


def test_neither_token_nor_payload_is_in_an_error(serve, client_of):
    for body in (
        {"error": f"bad token {TOKEN}", "secret": "hush"},
        {"errors": [f"Bearer {TOKEN}\x1b[31m"]},
    ):
        for status in (400, 401, 403, 422, 500):
            server = serve(lambda _, b=body, s=status: Response(b, s))
            with pytest.raises(RootlyError) as caught:
                list(client_of(server.url, retries=0).pages(THINGS))
            assert TOKEN not in str(caught.value)
            assert "hush" not in str(caught.value)
            assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 403, 422])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"secret": "hush", "heartbeat": {"ping_url": "hush"}}}, None),
        ({"errors": [{"detail": {"password": "hush"}, "title": "No"}, ["hush"], 12]}, "No"),
        ({"errors": [{"detail": "not at https://u:hush@x"}]}, "not at https://u:[redacted]@x"),
        ({"message": 'sent {"secret": "hush"} to it'}, 'sent {"secret": "[redacted]"} to it'),
        ({"error": "no such ?token=hush"}, "no such ?token=[redacted]"),
    ],
)
def test_what_rootly_says_of_an_error_is_told_without_credentials(
    serve, client_of, status, body, said
):
    server = serve(lambda _: Response(body, status))
    with pytest.raises(RootlyError) as caught:
        list(client_of(server.url).pages(THINGS))
    assert "hush" not in str(caught.value)
    assert (f'Rootly says: "{said}".' in str(caught.value)) == (said is not None)
    assert ("Rootly says" in str(caught.value)) == (said is not None)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_closed_port_is_named(client_of):
    port = unused_port()
    with pytest.raises(Unavailable, match=f"nothing listens at 127.0.0.1:{port}"):
        list(client_of(f"http://127.0.0.1:{port}").pages(THINGS))


def test_an_unknown_host_is_named(client_of):
    with pytest.raises(Unavailable, match=r"the host rootly\.invalid is not known"):
        list(client_of("https://rootly.invalid", retries=1).pages(THINGS))


def test_a_time_out_is_named(client_of):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(
            Unavailable,
            match=r"took too long to answer: try again later, or raise ROOTLY_READ_TIMEOUT\.$",
        ):
            list(client_of(url, retries=1, read_timeout=0.1).pages(THINGS))


@pytest.mark.parametrize(
    "length",
    [f"Content-Length: {len(WHOLE)}", "Transfer-Encoding: chunked", "Connection: close"],
    ids=["whole", "chunked", "until-closed"],
)
def test_an_answer_that_only_drips_is_not_waited_for(client_of, length):
    """Each byte is in time, all of them are not."""

    def drip(listener):
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode())
            while True:
                connection.sendall(b"1\r\n \r\n" if "chunked" in length else b" ")
                sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        dripping = pool.submit(drip, listener)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(Unavailable, match="took too long"):
            list(client_of(url, retries=0, read_timeout=0.1).pages(THINGS))
        dripping.result(timeout=5)


def test_a_connection_that_is_always_cut_is_named(serve, client_of):
    server = serve(lambda _: Response(WHOLE, cut_after=20))
    with pytest.raises(Unavailable, match="cut the connection"):
        list(client_of(server.url).pages(THINGS))


def test_the_token_does_not_follow_a_redirect_to_another_host(serve, client_of):
    other = serve(lambda _: GOOD)
    server = serve(lambda _: Response(status=302, headers={"Location": f"{other.url}/v1/things"}))
    with pytest.raises(RedirectRefused, match="must not be sent"):
        list(client_of(server.url).pages(THINGS))
    assert other.requests == []


def test_a_redirect_within_the_host_is_followed(serve, client_of):
    def answer(request):
        if request.path == "/v1/things":
            return Response(status=308, headers={"Location": "/v1/moved?page[size]=100"})
        return GOOD

    assert ids_of(client_of(serve(answer).url).pages(THINGS)) == [0, 1, 2]


def test_redirects_that_never_end_are_an_error(serve, client_of):
    server = serve(lambda _: Response(status=302, headers={"Location": "/v1/things"}))
    with pytest.raises(RedirectRefused, match=r"again and again, at last to /v1/things \(302\)"):
        list(client_of(server.url).pages(THINGS))


def test_every_request_says_who_asks_and_a_netrc_changes_nothing(
    serve, client_of, tmp_path, monkeypatch
):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    server = serve(lambda _: GOOD)
    list(client_of(server.url).pages(THINGS))
    sent = server.requests[0].headers
    assert sent["Authorization"] == f"Bearer {TOKEN}"
    assert sent["Accept"] == "application/vnd.api+json"
    assert sent["User-Agent"].startswith("rootly-assets/")


def test_429_waits_for_retry_after_in_seconds(serve, client_of, clock):
    server = serve(first(Response(b"", 429, {"Retry-After": "7"})))
    assert ids_of(client_of(server.url).pages(THINGS)) == [0, 1, 2]
    assert sum(clock.slept) == pytest.approx(7)


def test_429_waits_for_retry_after_as_a_date(serve, client_of, clock):
    late = {
        "Date": formatdate(clock.now - 3600, usegmt=True),
        "Retry-After": formatdate(clock.now - 3600 + 9, usegmt=True),
    }
    server = serve(first(Response(b"", 429, late)))
    assert ids_of(client_of(server.url).pages(THINGS)) == [0, 1, 2]
    assert sum(clock.slept) == pytest.approx(9)


@pytest.mark.parametrize("prefix", ["X-RateLimit", "RateLimit"])
@pytest.mark.parametrize("as_epoch", [True, False])
def test_429_waits_for_the_window_to_reset(serve, client_of, clock, prefix, as_epoch):
    def answer(_):
        if len(server.requests) > 1:
            return GOOD
        # The server's clock is an hour behind ours; what counts is its own.
        reset = clock.now - 3600 + 43 if as_epoch else 43
        named = {"Limit": "3000, 3000;window=60", "Remaining": "0", "Reset": str(int(reset))}
        limits = {f"{prefix}-{key}": value for key, value in named.items()}
        return Response(b"", 429, {"Date": formatdate(clock.now - 3600, usegmt=True), **limits})

    server = serve(answer)
    assert ids_of(client_of(server.url).pages(THINGS)) == [0, 1, 2]
    assert sum(clock.slept) == pytest.approx(43)


def test_429_without_any_header_waits_for_the_window(serve, client_of, clock):
    server = serve(first(Response({"error": "Rate limit exceeded. Try again later."}, 429)))
    assert ids_of(client_of(server.url).pages(THINGS)) == [0, 1, 2]
    assert sum(clock.slept) == pytest.approx(60, abs=1)


def test_waiting_for_the_window_does_not_use_up_the_retries(serve, client_of):
    refused = [Response(b"", 429, {"Retry-After": "20"})] * 10
    client = client_of(serve(first(*refused)).url, retries=0)
    assert ids_of(client.pages(THINGS)) == [0, 1, 2]


@pytest.mark.parametrize("asked", ["0", "1"])
def test_a_server_that_says_429_again_and_again_is_asked_less_and_less(
    serve, client_of, clock, asked
):
    server = serve(lambda _: Response(b"", 429, {"Retry-After": asked}))
    began = clock.now
    with pytest.raises(RateLimited, match="/v1/things"):
        list(client_of(server.url, rate_limit_patience=600).pages(THINGS))
    assert 500 < clock.now - began <= 600
    assert len(server.requests) < 25


def test_429_without_end_is_an_error(serve, client_of):
    server = serve(lambda _: Response(b"", 429, {"Retry-After": "60"}))
    with pytest.raises(RateLimited, match="/v1/things"):
        list(client_of(server.url, rate_limit_patience=300).pages(THINGS))


def test_a_page_knows_the_servers_time_and_its_reading_what_is_left_of_the_rate_limit(
    serve, client_of
):
    limits = {"X-RateLimit-Limit": "3000", "X-RateLimit-Remaining": "2990"}
    server = serve(lambda _: Response(GOOD.body, headers=limits))
    pages = client_of(server.url).pages(THINGS)
    (page,) = pages
    assert page.server_time is not None
    assert page.server_time.utcoffset().total_seconds() == 0
    assert page.bytes == len(WHOLE) == pages.usage.bytes
    assert pages.usage.rate_limit_left == 2990


def test_broken_text_does_not_break_the_page(serve, client_of):
    body = (
        b'{"data": [{"id": "1", "attributes": {"a": "\xff\xf0\x9f\x98\x80", "b": "x\\ud83d",'
        b' "c": "\\ud83d\\ude00", "d": "\\u0000", "e": "\\\\ud83d"}}], "meta": {"total_count": 1}}'
    )
    (page,) = client_of(serve(lambda _: Response(body)).url, retries=0).pages(THINGS)
    text = bytes(page.records[0])
    assert text.decode().count("\N{REPLACEMENT CHARACTER}") == 1
    assert rb'"x\ufffd"' in text
    assert rb'"\ud83d\ude00"' in text
    assert rb'"\\ud83d"' in text


def test_any_single_resource_is_fetched_and_redacted(serve, client_of):
    server = serve(
        lambda _: Response({"data": row(1, secret="s", name="n"), "included": [row(2, secret="s")]})
    )
    found = client_of(server.url).get("alert_sources", "a/b", {"include": "x", "blank": ""})
    assert server.requests[0].path == "/v1/alert_sources/a%2Fb"
    assert server.requests[0].query == {"include": "x"}
    assert found["attributes"] == {"secret": None, "name": "n"}
    assert found["included"][0]["attributes"] == {"secret": None}


def test_a_missing_resource_is_not_found(serve, client_of):
    with pytest.raises(NotFound) as caught:
        client_of(serve(lambda _: Response({}, 404)).url).get("incidents", "42")
    assert caught.value.endpoint == "/v1/incidents/42"


def test_the_client_counts_what_it_spent(serve, client_of):
    client = client_of(serve(lambda _: GOOD).url)
    list(client.pages(THINGS))
    list(client.pages(THINGS))
    assert client.usage().requests == 2
    assert client.usage().bytes == 2 * len(WHOLE)


def test_threads_share_a_client(serve):
    server = serve(lambda r: Response(numbered_page([row(i) for i in range(250)], r.query)))
    client = RootlyClient(ClientSettings(token=TOKEN, base_url=server.url), limiter=Limiter(3000))
    things = endpoint(sort="created_at")
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda _: ids_of(client.pages(things)), range(8)))
    assert read == [list(range(250))] * 8
    assert client.usage().requests == 24
