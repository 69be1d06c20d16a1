"""Azure's blobs: credentials, and uploads that take the place of a blob in one step."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from rootly_assets.errors import NotConfigured


def connection_string() -> str:
    """`AZURE_STORAGE_CONNECTION_STRING`, or one of account and key.

    Raises:
        NotConfigured: neither is set.
    """
    if given := os.environ.get("AZURE_STORAGE_CONNECTION_STRING"):
        return given
    account = os.environ.get("AZURE_STORAGE_ACCOUNT_NAME")
    key = os.environ.get("AZURE_STORAGE_ACCOUNT_KEY")
    if not (account and key):
        raise NotConfigured(
            "ROOTLY_BUCKET_URL is in Azure: set AZURE_STORAGE_CONNECTION_STRING, or "
            "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY."
        )
    return (
        f"DefaultEndpointsProtocol=https;AccountName={account};AccountKey={key};"
        "EndpointSuffix=core.windows.net"
    )


def delta_options() -> dict[str, str]:
    """The same for the Delta library."""
    parts = (each.split("=", 1) for each in connection_string().split(";") if "=" in each)
    given = dict(parts)
    named = {
        "AZURE_STORAGE_ACCOUNT_NAME": given.get("AccountName", ""),
        "AZURE_STORAGE_ACCOUNT_KEY": given.get("AccountKey", ""),
        "AZURE_STORAGE_SAS_TOKEN": given.get("SharedAccessSignature", ""),
        "AZURE_STORAGE_ENDPOINT": given.get("BlobEndpoint", ""),
    }
    if named["AZURE_STORAGE_ENDPOINT"].startswith("http://"):
        named["AZURE_ALLOW_HTTP"] = "true"
    return {name: value for name, value in named.items() if value}


@contextmanager
def uploaded(url: str) -> Generator[Path]:
    """A file to write, which becomes a blob at the end of the block.

    Azure shows a blob's blocks once all of them are there.

    Raises:
        duckdb.IOException: Azure refuses.
        NotConfigured: a variable is missing.
    """
    from azure.core.exceptions import AzureError
    from azure.storage.blob import BlobClient

    container, _, name = url.partition("://")[2].partition("/")
    with TemporaryDirectory(prefix="rootly-") as folder:
        file = Path(folder) / "blob"
        yield file
        try:
            with (
                BlobClient.from_connection_string(
                    connection_string(), container_name=container, blob_name=name
                ) as blob,
                file.open("rb") as content,
            ):
                blob.upload_blob(content, overwrite=True)
        except AzureError as error:
            reason = str(error).splitlines()[0]
            raise duckdb.IOException(f"{url} can't be written: {reason}") from error
