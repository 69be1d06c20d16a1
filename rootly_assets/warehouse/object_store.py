"""Buckets: what DuckDB needs to read and write them, from the variables that the vendors' own tools use."""

import os

import duckdb

from rootly_assets.sync.columns import literal
from rootly_assets.warehouse.extensions import load

S3 = "s3://"


def open_bucket(connection: duckdb.DuckDBPyConnection, url: str) -> None:
    """Let a connection read and write what is at a URL; nothing to do for a folder.

    Raises:
        NotConfigured: DuckDB's extension for it is not installed.
    """
    if not url.startswith(S3):
        return
    load(connection, "httpfs", "s3")
    settings = ", ".join(f"{name} {literal(value)}" for name, value in _s3_settings().items())
    connection.execute(f"CREATE OR REPLACE SECRET rootly_bucket (TYPE s3, {settings})")


def _s3_settings() -> dict[str, str]:
    given = {
        "KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "SECRET": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "SESSION_TOKEN": os.environ.get("AWS_SESSION_TOKEN", ""),
        "REGION": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", ""),
    }
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    scheme, _, host = endpoint.rpartition("://")
    if host:
        # Servers other than Amazon's seldom have a name for each bucket.
        given |= {"ENDPOINT": host.rstrip("/"), "URL_STYLE": "path"}
        given["USE_SSL"] = "false" if scheme == "http" else "true"
    return {name: value for name, value in given.items() if value}


def delta_options(url: str) -> dict[str, str] | None:
    """The same for the Delta library, which reads the vendors' variables itself, but for what is unusual."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    if not (url.startswith(S3) and endpoint.startswith("http://")):
        return None
    return {"AWS_ENDPOINT_URL": endpoint, "AWS_ALLOW_HTTP": "true"}
