"""Turns failed answers and failed connections into errors with a cause and a remedy."""

import socket
import ssl
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
import urllib3

from rootly_assets.api.errors import (
    BrokenBody,
    Forbidden,
    NotFound,
    RateLimited,
    RedirectRefused,
    Rejected,
    RootlyError,
    Unauthorized,
    Unavailable,
)

_LONGEST_DETAIL = 300


def of_status(status: int, endpoint: str, body: bytes) -> RootlyError:
    """Return the error for an answer that is neither a success nor a redirect.

    Args:
        status: of the answer.
        endpoint: path that was asked.
        body: of the answer, redacted, for the API's own words.
    """
    detail = _detail(body).rstrip(".")
    said = f' Rootly says: "{detail}".' if detail else ""
    if status == 401:
        return Unauthorized(
            f"Rootly does not accept the API token (401 at {endpoint}): check "
            "ROOTLY_API_TOKEN; the key "
            "may have been revoked, have expired or belong to another Rootly.",
            endpoint=endpoint,
            status=status,
        )
    if status == 403:
        return Forbidden(
            f"The API key may not read {endpoint} (403): it lacks the product (On-Call, Incident "
            f"Response), the permission or the scope for it.{said} Give the key's role "
            "access; the other lists are read without it.",
            endpoint=endpoint,
            status=status,
        )
    if status == 404:
        return NotFound(
            f"Rootly has nothing at {endpoint} (404): the record is gone, or the key's "
            "scope does not "
            "include it; where it is a whole list, check ROOTLY_API_URL.",
            endpoint=endpoint,
            status=status,
        )
    if status == 429:
        return RateLimited(
            f"Rootly kept refusing {endpoint} because of its rate limit (429): other "
            "clients use up "
            "this key's allowance. Use a key of its own, or lower requests_per_minute of "
            "the others.",
            endpoint=endpoint,
            status=status,
        )
    if status >= 500:
        return Unavailable(
            f"Rootly cannot answer {endpoint} at the moment ({status}), and repeated "
            "attempts did not "
            "help: try again later, and look at status.rootly.com.",
            endpoint=endpoint,
            status=status,
        )
    return Rejected(
        f"Rootly refuses the request to {endpoint} ({status}).{said} Check the parameters "
        "asked for "
        "(filters, includes, page size) against Rootly's API document.",
        endpoint=endpoint,
        status=status,
        said=detail,
    )


def of_body(looks: str, endpoint: str) -> BrokenBody:
    """Return the error for a success whose body is not what it should be."""
    return BrokenBody(
        f"{endpoint} answered 200, but with {looks}, and repeated attempts did not help: check "
        "ROOTLY_API_URL and any proxy on the way, or try again later.",
        endpoint=endpoint,
        status=200,
    )


def of_redirect(status: int, endpoint: str, location: str, base_url: str) -> RootlyError:
    """Return the error for a redirect that is not followed, or was too often."""
    target, base = urlsplit(urljoin(base_url, location)), urlsplit(base_url)
    if location and (target.scheme, target.netloc) == (base.scheme, base.netloc):
        return RedirectRefused(
            f"{endpoint} redirects again and again, at last to {target.path} ({status}): this is hardly "
            "Rootly's API. Check ROOTLY_API_URL, and any proxy or sign-in page on the way.",
            endpoint=endpoint,
            status=status,
        )
    host = urlsplit(location).hostname or "an unnamed place"
    return RedirectRefused(
        f"{endpoint} redirects to {host} ({status}), where the token must not be sent: if that is "
        "where your Rootly is, set ROOTLY_API_URL to it.",
        endpoint=endpoint,
        status=status,
    )


def of_exception(error: Exception, endpoint: str, base_url: str) -> Unavailable:
    """Return the error for a request that got no whole answer, worded for its cause."""
    host = urlsplit(base_url).netloc
    causes = list(_causes(error))

    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if among(ssl.SSLCertVerificationError):
        text = (
            f"the certificate of {host} could not be verified: check ROOTLY_API_URL, the machine's "
            "clock, and REQUESTS_CA_BUNDLE behind an inspecting proxy"
        )
    elif among(requests.exceptions.SSLError):
        text = (
            f"no TLS connection with {host} came about: check ROOTLY_API_URL, REQUESTS_CA_BUNDLE and any "
            "proxy on the way, or try again later"
        )
    elif not isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError):
        text = f"{error}: check REQUESTS_CA_BUNDLE"
    elif among(requests.exceptions.ProxyError):
        text = (
            f"the proxy on the way to {host} does not let it through: check HTTPS_PROXY, NO_PROXY"
        )
    elif among(urllib3.exceptions.NameResolutionError, socket.gaierror):
        text = f"the host {host} is not known: check ROOTLY_API_URL and the machine's DNS"
    elif among(ConnectionRefusedError):
        text = f"nothing listens at {host}: check ROOTLY_API_URL, and that the server is running"
    elif among(requests.exceptions.ConnectTimeout):
        text = f"{host} cannot be reached (no connection in time): check network and firewall"
    elif among(requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError):
        text = f"{host} took too long to answer: try again later, or raise ROOTLY_READ_TIMEOUT"
    elif among(
        requests.exceptions.ChunkedEncodingError,
        ConnectionResetError,
        urllib3.exceptions.ProtocolError,
    ):
        text = f"{host} cut the connection in the middle of the answer: try again later"
    else:
        text = f"the connection to {host} failed ({type(error).__name__}): check network and proxy"
    return Unavailable(f"{endpoint} could not be read: {text}.", endpoint=endpoint)


def passes_by_itself(error: Exception) -> bool:
    """Whether trying again may help: not where a certificate is wrong, or those to check it by are missing."""
    if not isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError):
        return False
    return not any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))


def _causes(error: BaseException) -> Any:
    """Yield the error and all that it wraps by `args`, `reason` and `__cause__`."""
    pending: list[object] = [error]
    met: set[int] = set()
    while pending:
        current = pending.pop()
        if not isinstance(current, BaseException) or id(current) in met:
            continue
        met.add(id(current))
        yield current
        pending += [*current.args, getattr(current, "reason", None)]
        pending += [current.__cause__, current.__context__]


def _detail(body: bytes) -> str:
    """Return the API's own words about an error, in one short line; whatever isn't text is none."""
    try:
        parsed: Any = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(parsed, dict):
        return ""
    answer = cast("dict[str, Any]", parsed)
    errors: Any = answer.get("errors")
    said: list[Any] = [answer.get("error") or answer.get("message")]
    if isinstance(errors, list):
        said = [_words_of(each) for each in cast("list[Any]", errors)[:3]]
    text = "; ".join(part for part in said if isinstance(part, str) and part)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _LONGEST_DETAIL else text[: _LONGEST_DETAIL - 1] + "…"


def _words_of(error: Any) -> Any:
    if not isinstance(error, dict):
        return error
    member = cast("dict[str, Any]", error)
    words = (member.get("detail"), member.get("title"))
    return next((each for each in words if isinstance(each, str) and each), None)
