"""Buckets: what DuckDB needs to read and write them, from variables of the environment."""

import os
from collections.abc import Mapping

import duckdb

from rootly_assets.errors import NotConfigured
from rootly_assets.sql import literal
from rootly_assets.warehouse import azure_blobs
from rootly_assets.warehouse.extensions import load

S3, GCS, AZURE = "s3://", "gs://", "az://"

# Variables that open a bucket, by the beginning of its URL; for messages.
CREDENTIALS = {
    S3: "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, where it is not Amazon's, AWS_ENDPOINT_URL",
    GCS: "GCS_HMAC_KEY_ID and GCS_HMAC_SECRET",
    AZURE: "AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}


def kind_of(url: str) -> str | None:
    """The beginning of a bucket's URL; None for a folder."""
    return next((each for each in CREDENTIALS if url.startswith(each)), None)


# What DuckDB's extension takes from variables by itself when it is loaded. Ours are in a secret, which shows no
# key; settings are shown to everybody who asks a query.
_SHOWN = ("s3_access_key_id", "s3_secret_access_key", "s3_session_token")


def open_bucket(connection: duckdb.DuckDBPyConnection, url: str) -> None:
    """Let a connection read and write what is at a URL; nothing to do for a folder.

    Raises:
        NotConfigured: an extension of DuckDB or a variable is missing.
    """
    kind = kind_of(url)
    if kind == S3:
        _load_httpfs(connection, "s3")
        _create_secret(connection, "s3", _s3_settings(url))
    elif kind == GCS:
        _load_httpfs(connection, "gcs")
        _create_secret(connection, "gcs", _gcs_settings(url))
    elif kind == AZURE:
        load(connection, "azure", "azure")
        _create_secret(connection, "azure", {"CONNECTION_STRING": azure_blobs.connection_string()})


def put_file(connection: duckdb.DuckDBPyConnection, select: str, url: str, options: str) -> None:
    """Write a query's rows to an object, which is there whole or not at all.

    Args:
        connection: where the query runs.
        select: the query.
        url: of the object.
        options: of DuckDB's COPY.
    """
    if kind_of(url) == AZURE:
        # DuckDB would empty the blob before it writes.
        with azure_blobs.uploaded(url) as file:
            connection.execute(f"COPY ({select}) TO {literal(str(file))} ({options})")
    else:
        connection.execute(f"COPY ({select}) TO {literal(url)} ({options})")


def iceberg_properties(url: str) -> dict[str, str]:
    """The same for the Iceberg library."""
    if kind_of(url) != S3:
        return {}
    given = {
        "s3.access-key-id": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "s3.secret-access-key": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "s3.session-token": os.environ.get("AWS_SESSION_TOKEN", ""),
        "s3.region": _s3_region(),
        "s3.endpoint": _s3_endpoint(),
    }
    return {name: value for name, value in given.items() if value}


def delta_options(url: str) -> dict[str, str] | None:
    """The same for the Delta library, which reads Amazon's variables itself, but for what is unusual.

    Raises:
        NotConfigured: a variable is missing.
    """
    kind = kind_of(url)
    if kind == AZURE:
        return azure_blobs.delta_options()
    endpoint = _s3_endpoint()
    if kind is None or not endpoint.startswith("http://"):
        return None
    return {"AWS_ENDPOINT_URL": endpoint, "AWS_ALLOW_HTTP": "true"}


def _load_httpfs(connection: duckdb.DuckDBPyConnection, extra: str) -> None:
    load(connection, "httpfs", extra)
    for setting in _SHOWN:
        connection.execute(f"RESET GLOBAL {setting}")


def _create_secret(
    connection: duckdb.DuckDBPyConnection, kind: str, settings: Mapping[str, str]
) -> None:
    given = ", ".join(f"{name} {literal(value)}" for name, value in settings.items() if value)
    connection.execute(f"CREATE OR REPLACE SECRET rootly_bucket (TYPE {kind}, {given})")


def _s3_endpoint() -> str:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")


def _s3_region() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", "")


def _s3_settings(url: str) -> dict[str, str]:
    names = {"KEY_ID": "AWS_ACCESS_KEY_ID", "SECRET": "AWS_SECRET_ACCESS_KEY"}
    return {
        **_demanded(names, f"{url} is in S3", "profiles and roles are not looked up"),
        "SESSION_TOKEN": os.environ.get("AWS_SESSION_TOKEN", ""),
        "REGION": _s3_region(),
        **_of_another_server(_s3_endpoint()),
    }


def _gcs_settings(url: str) -> dict[str, str]:
    names = {"KEY_ID": "GCS_HMAC_KEY_ID", "SECRET": "GCS_HMAC_SECRET"}
    place = "an HMAC key of a service account: Cloud Storage, Settings, Interoperability"
    return {
        **_demanded(names, f"{url} is in Google Cloud Storage", place),
        **_of_another_server(os.environ.get("GCS_ENDPOINT_URL", "")),
    }


def _demanded(names: Mapping[str, str], why: str, hint: str) -> dict[str, str]:
    """Settings by their names, from variables that have to be set."""
    if unset := [name for name in names.values() if not os.environ.get(name)]:
        raise NotConfigured(f"{why}: set {', '.join(unset)} ({hint}).")
    return {setting: os.environ[name] for setting, name in names.items()}


def _of_another_server(endpoint: str) -> dict[str, str]:
    """Servers other than the vendor's seldom have a name for each bucket."""
    scheme, _, host = endpoint.rpartition("://")
    if not host:
        return {}
    use_ssl = "false" if scheme == "http" else "true"
    return {"ENDPOINT": host.rstrip("/"), "URL_STYLE": "path", "USE_SSL": use_ssl}
