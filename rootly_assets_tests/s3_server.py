"""An S3 server of the tests' own (SeaweedFS), with a catalog of Iceberg's: gone when they end."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

KEY, SECRET, BUCKET = "tester", "a/secret+of=S3", "rootly-tests"

# A bucket for tables, in which the catalog alone says what is written.
LAKE = "lake"
WEED = str(Path(sys.executable).with_name("weed"))


@dataclass(frozen=True)
class S3Server:
    """Where it listens.

    Attributes:
        port: for S3.
        ports: of its parts, and of the catalog of Iceberg's.
    """

    port: int
    ports: Mapping[str, int]

    @property
    def environment(self) -> dict[str, str]:
        """What a user would set to reach it."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
        }

    def serve_catalog(self) -> dict[str, str]:
        """Make a bucket for tables; what a user would set to keep Iceberg tables there."""
        master, filer = (
            f"127.0.0.1:{port}.{port + 10_000}"
            for port in (self.ports["master.port"], self.ports["filer.port"])
        )
        subprocess.run(
            [WEED, "shell", f"-master={master}", f"-filer={filer}"],
            input=f"s3tables.bucket -create -name {LAKE} -account tester\n",
            text=True,
            capture_output=True,
            check=True,
            timeout=60,
        )
        catalog = f"http://127.0.0.1:{self.ports['s3.port.iceberg']}"
        return {
            "ROOTLY_ICEBERG_CATALOG": catalog,
            "PYICEBERG_CATALOG__ROOTLY__WAREHOUSE": f"s3://{LAKE}",
            "PYICEBERG_CATALOG__ROOTLY__CREDENTIAL": f"{KEY}:{SECRET}",
            "PYICEBERG_CATALOG__ROOTLY__OAUTH2_SERVER_URI": f"{catalog}/v1/oauth/tokens",
        }


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """A server with an empty bucket, which takes nobody without the key."""
    identity = {
        "name": "tester",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    config = folder / "identities.json"
    config.write_text(json.dumps({"identities": [identity]}))
    names = ("master.port", "volume.port", "filer.port", "s3.port", "s3.port.iceberg")
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    command = [WEED, "server"]
    command += [f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
    command += [f"-{name}={port}" for name, port in ports.items()]
    # The others of theirs are 10,000 higher than these, but for what has a fixed one.
    command += [f"-s3.config={config}", "-s3.port.lance=0"]
    command += ["-s3.autoCreateBucket", "-volume.max=20", "-master.volumeSizeLimitMB=64"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_until_it_answers(ports["s3.port"], process, folder / "log")
            yield S3Server(ports["s3.port"], ports)
        finally:
            process.kill()  # asked politely, it takes its time
            process.wait()


def _free_ports(count: int) -> list[int]:
    """Ports that are free, and whose ports for gRPC, 10,000 higher, are too."""
    ports: list[int] = []
    # All are held until the last one is found: one's port for gRPC must be no other's own.
    with ExitStack() as held:
        while len(ports) < count:
            each = held.enter_context(socket.socket())
            each.bind(("127.0.0.1", 0))
            port = each.getsockname()[1]
            for_grpc = held.enter_context(socket.socket())
            # Too high a number is an OverflowError.
            with suppress(OSError, OverflowError):
                for_grpc.bind(("127.0.0.1", port + 10_000))
                ports.append(port)
    return ports


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        except HTTPError:
            return  # it knows nobody without a key
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"SeaweedFS does not answer: {log.read_text()[-3000:]}")
