"""What holds over plain HTTP holds over TLS, in which Rootly answers."""

import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from time import sleep

import pytest
import trustme

from rootly_assets.api import Unavailable

from .conftest import Response, endpoint, ids_of, numbered_page, row

THINGS = endpoint()
BODY = Response(numbered_page([row(i) for i in range(3)], {})).content
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY

Answer = Callable[[socket.socket], None]


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def known(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The authority is in the bundle that the environment names."""
    with authority.cert_pem.tempfile() as bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        yield


@contextmanager
def answering(authority: trustme.CA, *answers: Answer) -> Iterator[str]:
    """A server that answers a connection with each of these in turn; its URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def run(listener: socket.socket) -> None:
        listener.settimeout(5)
        for answer in answers:
            connection, _ = listener.accept()
            connection.settimeout(5)
            with connection, suppress(OSError):
                if answer is hang_up:
                    continue
                with context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(65536)
                    answer(secured)

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, listener)
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        running.result(timeout=5)


def well(secured: socket.socket) -> None:
    secured.sendall(WHOLE)


def hang_up(secured: socket.socket) -> None:
    """Before there is a secured connection."""


def cut(secured: socket.socket) -> None:
    """Without the good-bye that TLS knows."""
    secured.sendall(WHOLE[:-30])
    secured.shutdown(socket.SHUT_RDWR)


def drip(secured: socket.socket) -> None:
    secured.sendall(HEAD + b"\r\n")
    while True:
        secured.sendall(b" ")
        sleep(0.02)


@pytest.mark.usefixtures("known")
def test_certificates_of_the_environment_are_believed(authority, client_of):
    with answering(authority, well) as url:
        assert ids_of(client_of(url).pages(THINGS)) == [0, 1, 2]


def test_a_certificate_that_nobody_knows_is_named_at_once(authority, client_of):
    with (
        answering(authority, well) as url,
        pytest.raises(Unavailable, match=r"certificate of 127\.0\.0\.1:\d+ could not be verified"),
    ):
        list(client_of(url).pages(THINGS))


def test_a_bundle_that_is_not_there_is_named(authority, client_of, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/bundle.pem")
    with (
        answering(authority) as url,
        pytest.raises(Unavailable, match=r"/nowhere/bundle\.pem: check REQUESTS_CA_BUNDLE"),
    ):
        list(client_of(url).pages(THINGS))


def test_a_server_without_tls_is_named(serve, client_of):
    plain = serve(lambda _: Response(BODY))
    with pytest.raises(Unavailable, match="no TLS connection"):
        list(client_of(plain.url.replace("http:", "https:"), retries=1).pages(THINGS))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("bad", [hang_up, cut])
def test_a_connection_that_is_cut_is_tried_again(authority, client_of, bad):
    with answering(authority, bad, well) as url:
        assert ids_of(client_of(url, retries=1).pages(THINGS)) == [0, 1, 2]


@pytest.mark.usefixtures("known")
def test_an_answer_that_only_drips_is_not_waited_for(authority, client_of):
    with (
        answering(authority, drip) as url,
        pytest.raises(Unavailable, match="took too long"),
    ):
        list(client_of(url, retries=0, read_timeout=0.1).pages(THINGS))
