"""How the sandbox's server behaves: everything about it that a test may want to be otherwise."""

from dataclasses import dataclass

# It keeps nobody out: the sandbox has no secrets.
SANDBOX_TOKEN = "sandbox-token"  # noqa: S105 - as it says above
NOT_PERMITTED = frozenset({"/v1/alert_routing_rules"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The server's settings.

    Attributes:
        token: the bearer token that is accepted.
        requests_per_minute: how many requests a window takes before 429.
        retry_after: whether a 429 carries `Retry-After`.
        rate_window: length of the sliding window in seconds; 60 at Rootly.
        latency: seconds to wait before each answer.
        deep_page_limit: the last `page[number]` that is answered; any, if None.
        forbidden: paths that answer 403. By default the list that Rootly refuses to tenants with
            advanced alert routing.
    """

    token: str = SANDBOX_TOKEN
    requests_per_minute: int = 3000
    retry_after: bool = True
    rate_window: float = 60.0
    latency: float = 0.0
    deep_page_limit: int | None = None
    forbidden: frozenset[str] = NOT_PERMITTED
