"""`RootlyResource`: the Rootly API as Dagster sees it. Settings only; the client does the work."""

import hashlib
import threading

import dagster as dg
from pydantic import Field

from rootly_assets.api import personal_data, secret_keys, settings
from rootly_assets.api.client import RootlyClient
from rootly_assets.api.limiter import shared_limiter

_clients: dict[settings.ClientSettings, RootlyClient] = {}
_clients_lock = threading.Lock()


class RootlyResource(dg.ConfigurableResource["RootlyResource"]):
    """A Rootly workspace, read through its REST API.

    Give the token (and the salt) as `dg.EnvVar`: Dagster then shows the variable's name, never its
    value. Run config of a resource replaces all of its fields, not those alone that it names: whoever sets
    one there repeats the others, `token: {env: ROOTLY_API_TOKEN}` above all.
    """

    token: str = Field(
        default="",
        repr=False,
        description="API key of the workspace; give it as EnvVar('ROOTLY_API_TOKEN').",
    )
    base_url: str = Field(
        default=settings.DEFAULT_BASE_URL,
        description="Where the API is. HTTPS is demanded, except on this machine (the sandbox).",
    )
    page_size: int = Field(
        default=1000,
        ge=1,
        description="Most rows asked for per page; an endpoint's own limit, mostly 100, goes first.",
    )
    concurrency: int = Field(
        default=16,
        ge=1,
        description="Requests under way at a time, by all lists of a step together. With answers after "
        "0.2 s ten use what the rate limit allows in the long run; pages with much in them take longer.",
    )
    requests_per_minute: int = Field(
        default=3000,
        ge=1,
        description="Upper bound of our own; the server's limit goes first where it is "
        "lower. Lower "
        "it to leave room for other clients of the same key.",
    )
    sweep_percent: int = Field(
        default=50,
        ge=1,
        le=100,
        description="How much of the rate limit may be in use, by whomever, before the nightly sweep waits.",
    )
    connect_timeout: float = Field(
        default=10.0, gt=0, description="Seconds to wait for a connection."
    )
    read_timeout: float = Field(
        default=60.0,
        gt=0,
        description="Seconds to wait for the next bytes of an answer; all of it may take three times as long.",
    )
    retries: int = Field(
        default=5,
        ge=0,
        description="Further attempts after a failure that may pass by itself (5xx, "
        "connection cut, "
        "time-out, broken body). Waiting for the rate limit does not count.",
    )
    backoff: float = Field(
        default=0.5,
        ge=0,
        description="Seconds before the first retry; doubles each time, with jitter, up to 30.",
    )
    rate_limit_patience: float = Field(
        default=600.0,
        ge=0,
        description="Seconds that one request may wait for the rate limit before it fails.",
    )
    personal_data: str = Field(
        default=personal_data.DEFAULT,
        description="What happens to personal data: keep, hash or drop for all of it, or by kind, "
        "e.g. names=keep,emails=hash,phones=drop. Hashes are salted and stable, so joins "
        "still work.",
    )
    salt: str = Field(
        default="",
        repr=False,
        description="Key of the hashes of personal data; give it as EnvVar. Needed for hash only.",
    )
    secret_keys: str = Field(
        default="",
        description="Members whose values are stored nowhere, beside the credentials that Rootly is known for: "
        "names as they are spelled, separated by commas, e.g. Authorization,apiKey.",
    )

    def checked_settings(self) -> settings.ClientSettings:
        """Return what a client of this configuration is told.

        Raises:
            NotConfigured: no token, an unusable base URL, an unknown personal data setting, a secret key
                that can be none.
        """
        return settings.ClientSettings(
            token=self.token or "",
            base_url=self.base_url,
            page_size=self.page_size,
            concurrency=self.concurrency,
            requests_per_minute=self.requests_per_minute,
            unhurried_share=self.sweep_percent / 100,
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            retries=self.retries,
            backoff=self.backoff,
            rate_limit_patience=self.rate_limit_patience,
            personal_data=personal_data.PersonalData.parse(self.personal_data),
            salt=self.salt,
            secret_keys=secret_keys.parsed(self.secret_keys),
        ).checked()

    def client(self) -> RootlyClient:
        """Return the process's client for this configuration, shared by threads.

        Raises:
            NotConfigured: as above.
        """
        wanted = self.checked_settings()
        with _clients_lock:
            if wanted not in _clients:
                digest = hashlib.sha256(wanted.token.encode()).hexdigest()
                limiter = shared_limiter(wanted.base_url, wanted.requests_per_minute, digest)
                _clients[wanted] = RootlyClient(wanted, limiter=limiter)
            return _clients[wanted]
