"""What can go wrong with the API, in words for the person who has to put it right."""

# ruff: noqa: N818 - the names say what happened, as those of HTTP's own statuses do

from rootly_assets.errors import NotConfigured


class RootlyError(Exception):
    """Something went wrong between us and Rootly; the message says what happened and what to do.

    Attributes:
        endpoint: path of the endpoint, e.g. `/v1/incidents`; None where no request was made.
        status: HTTP status of the answer; None where there was none.
        said: what the API itself said, in one short line; empty where it said nothing.
    """

    def __init__(
        self,
        message: str,
        *,
        endpoint: str | None = None,
        status: int | None = None,
        said: str = "",
    ) -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.status = status
        self.said = said


class NoToken(NotConfigured):
    """Nobody has given a token yet."""


class Unauthorized(RootlyError):
    """401: Rootly does not accept the token."""


class Forbidden(RootlyError):
    """403: the key lacks product, permission or scope for this endpoint; others may well work."""


class NotFound(RootlyError):
    """404: there is nothing at this path."""


class Rejected(RootlyError):
    """400, 422 and other 4xx: Rootly refuses the request as it was made."""


class EndOutOfReach(Rejected):
    """A list is longer than Rootly counts pages, and gives no other way to read on; its beginning came."""


class RateLimited(RootlyError):
    """429 for longer than we are willing to wait."""


class Unavailable(RootlyError):
    """No usable answer: 5xx, host unknown, port closed, connection cut, time-out."""


class RedirectRefused(RootlyError):
    """The answer points to another host, to which the token must not go."""


class BrokenBody(RootlyError):
    """The answer said 200, but its body is not the JSON:API document that it should be."""


class IncompleteRead(RootlyError):
    """The list could not be read to its proven end; taking what came would lose rows."""
