"""Everything a client can be told, checked once."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from rootly_assets.api.errors import NoToken
from rootly_assets.api.personal_data import PersonalData
from rootly_assets.errors import NotConfigured

DEFAULT_BASE_URL = "https://api.rootly.com"


class ClientSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of a client; equal settings share one client in a process.

    Attributes:
        token: the API key; never shown by `repr`.
        base_url: scheme and host (and a path prefix, if any), without `/v1`.
        page_size: most rows asked for per page; an endpoint's own limit, mostly 100, goes first.
        concurrency: requests under way at a time; for callers that read side by side.
        requests_per_minute: upper bound of our own; what the server says goes first where it is
            lower.
        unhurried_share: how much of the allowance requests in no hurry may use, whatever others use included.
        connect_timeout: seconds to wait for a connection.
        read_timeout: seconds to wait for the next bytes of an answer; all of it may take three times as long.
        retries: attempts after the first for anything that may pass by itself, except 429.
        backoff: seconds before the first retry; doubles each time, with jitter.
        backoff_limit: the longest of these pauses, in seconds.
        rate_limit_patience: seconds that one request may wait for its rate window, all 429s
            together.
        personal_data: what to do with names, e-mail addresses and telephone numbers.
        salt: key of the hashes that replace personal data; never shown by `repr`.
        secret_keys: members whose values are stored nowhere, beside those that always are.
    """

    token: str
    base_url: str = DEFAULT_BASE_URL
    page_size: int = 1000
    concurrency: int = 16
    requests_per_minute: int = 3000
    unhurried_share: float = 0.5
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    retries: int = 5
    backoff: float = 0.5
    backoff_limit: float = 30.0
    rate_limit_patience: float = 600.0
    personal_data: PersonalData = PersonalData()
    salt: str = ""
    secret_keys: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"ClientSettings(base_url={self.base_url!r}, page_size={self.page_size})"

    def checked(self) -> "ClientSettings":
        """Return these settings, tidied up.

        Raises:
            NotConfigured: a base URL that is none or that would send the token unencrypted, hashes asked for
                without a salt, or a token that can't be one.
            NoToken: all is well but that there is none.
        """
        base_url = checked_url(self.base_url)
        if self.personal_data.hashes and not self.salt:
            raise NotConfigured(
                "ROOTLY_PERSONAL_DATA asks for hashes, which need a salt: set ROOTLY_HASH_SALT to a long "
                "random text, and keep it, or hashes cannot be joined across runs."
            )
        token = self.token.strip()
        if not token:
            raise NoToken(
                "No Rootly API token: set ROOTLY_API_TOKEN to an API key of your workspace "
                "(Rootly: Organization Settings > API Keys)."
            )
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise NotConfigured(
                "ROOTLY_API_TOKEN holds characters that no API key has (spaces, line breaks or "
                "signs outside ASCII): copy the key again."
            )
        return msgspec.structs.replace(self, token=token, base_url=base_url)


def checked_url(url: str) -> str:
    """Return the base URL without trailing slash.

    Raises:
        NotConfigured: not a URL with a host, or `http://` to anything but this machine.
    """
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in {"http", "https"}:
        raise NotConfigured(
            f"ROOTLY_API_URL is not a web address: it should read like {DEFAULT_BASE_URL}."
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise NotConfigured(
            "ROOTLY_API_URL must hold scheme and host only: no user, password, query or fragment."
        )
    if parts.scheme == "http" and not _is_loopback(host):
        raise NotConfigured(
            f"ROOTLY_API_URL is http://{host}, which would send the token unencrypted: "
            "use https:// "
            "(http:// is for this machine only, e.g. the sandbox)."
        )
    return url.removesuffix("/v1")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
