"""An Azure server of the tests' own (Azurite, from npm): a folder, a free port, gone when they end."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CONTAINER = "rootly-tests"

# The account and key that every Azurite has.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass(frozen=True)
class AzureServer:
    """Where it listens."""

    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What a user would set to reach it."""
        blobs = f"http://127.0.0.1:{self.port}/{ACCOUNT}"
        return {
            "AZURE_STORAGE_CONNECTION_STRING": (
                f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
                f"BlobEndpoint={blobs};"
            ),
            # DuckDB's extension for Delta takes this account for an Azurite, and looks for it here.
            "AZURITE_BLOB_STORAGE_URL": f"http://127.0.0.1:{self.port}",
        }


@contextmanager
def azure_server(folder: Path) -> Iterator[AzureServer]:
    """A server with an empty container; without Azurite the test is skipped."""
    program = os.environ.get("AZURITE_BLOB") or shutil.which("azurite-blob")
    if program is None:
        pytest.skip(
            "Azurite is not installed: npm install azurite, and name azurite-blob in AZURITE_BLOB"
        )
    from azure.storage.blob import BlobServiceClient

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = AzureServer(listener.getsockname()[1])
    command = [program, "--blobHost", "127.0.0.1", "--blobPort", str(server.port)]
    # The library may speak a newer version of the protocol than it.
    command += ["--location", str(folder), "--silent", "--skipApiVersionCheck"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_until_it_listens(server.port, process, folder / "log")
            named = server.environment["AZURE_STORAGE_CONNECTION_STRING"]
            with BlobServiceClient.from_connection_string(named) as client:
                client.create_container(CONTAINER)
            yield server
        finally:
            process.kill()
            process.wait()


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"Azurite does not answer: {log.read_text()[-3000:]}")
