"""One GET, seen through: limiter, retries, redirects, errors; comes back whole and redacted."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from rootly_assets import __version__
from rootly_assets.api import failures, headers
from rootly_assets.api.deadlines import Deadlines
from rootly_assets.api.envelope import (
    Envelope,
    NotADocumentError,
    mended,
    opened,
    without_lone_surrogates,
)
from rootly_assets.api.errors import RootlyError
from rootly_assets.api.limiter import Limiter
from rootly_assets.api.page import RateLimit
from rootly_assets.api.redaction import Redactor
from rootly_assets.api.retries import backoff
from rootly_assets.api.settings import ClientSettings
from rootly_assets.api.usage import Usage
from rootly_assets.api.waiting import sleep as wait

_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# How many times as long as its next bytes a whole body may take.
_MOST_READ_TIMEOUTS = 3
_LONGEST_RATE_WAIT = 300.0  # a server that asks for more in one go is not believed
# Where a server asks for less, the shortest wait doubles with each 429, up to Rootly's window, in which
# anything must have passed.
_SHORTEST_RATE_WAIT = 0.1
_SHORTEST_RATE_WAIT_AT_LAST = 60.0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer: its document redacted and sliced, and what came with it."""

    document: bytes
    envelope: Envelope
    server_time: datetime | None
    size: int


class Transport:
    """Sends requests for all threads; each thread has a session (and so a connection) of its own.

    Args:
        settings: checked settings.
        limiter: shared by everything that uses the token in this process.
        sleep: waits for seconds, between retries.
        now: seconds since 1970.
    """

    def __init__(
        self,
        settings: ClientSettings,
        limiter: Limiter,
        *,
        sleep: Callable[[float], None] = wait,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._limiter = limiter
        self._sleep = sleep
        self._now = now
        self._redactor = Redactor(
            settings.personal_data, settings.salt, settings.token, settings.secret_keys
        )
        self._deadlines = Deadlines(_MOST_READ_TIMEOUTS * settings.read_timeout)
        self._threads = threading.local()
        self._lock = threading.Lock()
        self.usage = Usage()
        self.server_time: datetime | None = None

    def get(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        within: str,
        usage: Usage,
        lack: Callable[[Envelope], str | None] = lambda _: None,
        retries: int | None = None,
        unhurried: bool = False,
    ) -> Answer:
        """Read one document.

        Args:
            path: below the base URL, e.g. `/v1/incidents`.
            params: query parameters; blank ones are left out, because they corrupt others.
            within: the kind of resource asked for, for the redaction.
            usage: what this reading costs is added here, and to the transport's own.
            lack: says what a document lacks to be a whole answer, if it does.
            retries: attempts after the first, if not as many as the settings say.
            unhurried: wait where more than `unhurried_share` of the rate limit is in use.

        Raises:
            RootlyError: of the kind that fits, once retrying cannot help.
        """
        params = {key: value for key, value in params.items() if value != ""}
        most = self._settings.retries if retries is None else retries
        failed = 0
        refused_for = 0.0
        shortest = _SHORTEST_RATE_WAIT
        while True:
            outcome = self._once(path, params, within, usage, lack, unhurried=unhurried)
            if isinstance(outcome, Answer):
                return outcome
            if outcome.rate_wait is not None:
                wait = max(outcome.rate_wait, shortest)
                shortest = min(2 * shortest, _SHORTEST_RATE_WAIT_AT_LAST)
                if refused_for + wait > self._settings.rate_limit_patience:
                    raise outcome.error
                refused_for += wait
                self._limiter.block(wait)
            elif outcome.final or failed >= most:
                raise outcome.error
            else:
                pause = backoff(
                    failed, base=self._settings.backoff, limit=self._settings.backoff_limit
                )
                pause = max(pause, min(outcome.at_least, _LONGEST_RATE_WAIT))
                failed += 1
                self._sleep(pause)
                self._count(usage, waited=pause)
            self._count(usage, retries=1)

    def _once(
        self,
        path: str,
        params: Mapping[str, str],
        within: str,
        usage: Usage,
        lack: Callable[[Envelope], str | None],
        *,
        unhurried: bool,
    ) -> "Answer | _Failure":
        share = self._settings.unhurried_share if unhurried else 1.0
        self._count(usage, waited=self._limiter.acquire(share))
        said: RateLimit | None = None
        try:
            response, content = self._send(path, params)
            limits = said = headers.rate_limit(response.headers, now=self._now())
            self.server_time = headers.server_time(response.headers) or self.server_time
        except (OSError, urllib3.exceptions.HTTPError) as error:
            # requests' own errors, and of the file of certificates one that is none of them.
            failure = failures.of_exception(error, path, self._settings.base_url)
            return _Failure(failure, final=not failures.passes_by_itself(error))
        finally:
            self._limiter.release(said)
            self._count(usage, requests=1, left=said.remaining if said else None)
        self._count(usage, received=len(content))
        if response.status_code in _REDIRECTS:
            location = response.headers.get("Location", "")
            error = failures.of_redirect(
                response.status_code, path, location, self._settings.base_url
            )
            return _Failure(error, final=True)
        if response.status_code != 200:
            return self._failed(response, content, path, within, limits)
        return self._opened(response, content, path, within, lack)

    def _send(self, path: str, params: Mapping[str, str]) -> tuple[requests.Response, bytes]:
        url = self._settings.base_url + path
        query: Mapping[str, str] | None = params
        timeouts = (self._settings.connect_timeout, self._settings.read_timeout)
        for _ in range(_MOST_REDIRECTS):
            response = self._session().get(
                url, params=query, timeout=timeouts, allow_redirects=False, stream=True
            )
            content = self._deadlines.body(response)
            location = response.headers.get("Location", "")
            target = urljoin(url, location)
            if response.status_code not in _REDIRECTS or not location:
                return response, content
            if _origin(target) != _origin(self._settings.base_url):
                return response, content
            url, query = target, None
        return response, content  # pyright: ignore[reportPossiblyUnboundVariable] - the loop runs at least once

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = requests.Session()
            adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            session.headers["User-Agent"] = f"rootly-assets/{__version__}"
            session.headers["Accept"] = "application/vnd.api+json"
            # As `auth`, because a plain header would give way to whatever a .netrc says.
            session.auth = _Bearer(self._settings.token)
            # Proxies and certificates of the environment, looked up once and not for every page.
            around = session.merge_environment_settings(
                self._settings.base_url, {}, None, None, None
            )
            session.proxies, session.verify = around["proxies"], around["verify"]
            session.trust_env = False
            self._threads.session = session
        return session

    def _failed(
        self,
        response: requests.Response,
        content: bytes,
        path: str,
        within: str,
        said: RateLimit,
    ) -> "_Failure":
        status = response.status_code
        redacted = self._redactor.redact(mended(content), within=within)
        error = failures.of_status(status, path, redacted)
        asked = headers.retry_after(response.headers, now=self._now())
        if status == 429:
            wait = asked if asked is not None else said.reset
            if wait is None:
                wait = self._limiter.window_left()
            return _Failure(error, rate_wait=min(wait, _LONGEST_RATE_WAIT))
        return _Failure(error, final=status < 500, at_least=asked or 0.0)

    def _opened(
        self,
        response: requests.Response,
        content: bytes,
        path: str,
        within: str,
        lack: Callable[[Envelope], str | None],
    ) -> "Answer | _Failure":
        try:
            body, envelope = self._sliced(mended(content), within)
        except NotADocumentError as why:
            # What it looked like before redaction, which gives back nothing where there is no JSON.
            return _Failure(failures.of_body(_look_of(content, why), path))
        if (looks := lack(envelope)) is not None:
            return _Failure(failures.of_body(looks, path))
        return Answer(
            document=body,
            envelope=envelope,
            server_time=headers.server_time(response.headers),
            size=len(content),
        )

    def _sliced(self, body: bytes, within: str) -> tuple[bytes, Envelope]:
        redacted = self._redactor.redact(body, within=within)
        try:
            return redacted, opened(redacted)
        except NotADocumentError:
            whole = without_lone_surrogates(body)
            if whole == body:
                raise
        redacted = self._redactor.redact(whole, within=within)
        return redacted, opened(redacted)

    def _count(
        self,
        usage: Usage,
        *,
        requests: int = 0,
        received: int = 0,
        retries: int = 0,
        waited: float = 0.0,
        left: int | None = None,
    ) -> None:
        with self._lock:
            for each in (usage, self.usage):
                each.requests += requests
                each.bytes += received
                each.retries += retries
                each.seconds_waited += waited
                if left is not None:
                    each.rate_limit_left = left


class _Failure(msgspec.Struct, frozen=True):
    """An attempt that gave nothing: the error to raise, or when to try again."""

    error: RootlyError
    final: bool = False
    rate_wait: float | None = None  # seconds that a 429 asks for
    at_least: float = 0.0  # seconds that another failure asks for


class _Bearer(AuthBase):
    """Adds the token to a request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        r.headers["Authorization"] = f"Bearer {self._token}"
        return r


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or standard


def _look_of(body: bytes, why: NotADocumentError) -> str:
    try:
        opened(body)
    except NotADocumentError as plain:
        return str(plain)
    return str(why)
