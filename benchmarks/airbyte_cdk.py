"""A contender for reading alone: airbyte-cdk with a declarative manifest of the same lists.

It asks for versions of packages that the project can't have, so that it lives in an environment of
its own, locked beside its manifest. What it reads it prints, one message a line, as Airbyte's
platform would take it to a destination.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent / "airbyte"
MESSAGES = "messages.jsonl"
STREAMS = ("incidents", "alerts")


def install() -> None:
    """Bring its environment to what is locked.

    Raises:
        RuntimeError: there is no uv, or it fails.
    """
    beside = Path(__file__).parents[1] / ".uv" / "bin" / "uv"
    uv = os.environ.get("UV") or (str(beside) if beside.exists() else shutil.which("uv"))
    if uv is None:
        raise RuntimeError("uv is missing, which installs airbyte-cdk: run `make bench`.")
    # The project's own environment must not be taken for the other's.
    surroundings = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    command = [uv, "sync", "--frozen", "--quiet", "--project", str(PROJECT)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"airbyte-cdk could not be installed: {done.stderr.strip()}")


def command(url: str, token: str, folder: Path, *, state: Sequence[Any] = ()) -> list[str]:
    """The command line that reads both lists; what it needs to know is written into the folder.

    Args:
        url: base URL.
        token: the bearer token.
        folder: takes its configuration.
        state: the state messages that the last read ended with.
    """
    streams: list[dict[str, Any]] = [
        {
            "stream": {
                "name": name,
                "json_schema": {},
                "supported_sync_modes": ["full_refresh", "incremental"],
            },
            "sync_mode": "incremental",
            "destination_sync_mode": "append_dedup",
            "cursor_field": ["updated_at"],
            "primary_key": [["id"]],
        }
        for name in STREAMS
    ]
    files: dict[str, Any] = {
        "config": {"url": url, "token": token},
        "catalog": {"streams": streams},
        "state": list(state),
    }
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return [
        *(str(PROJECT / ".venv" / "bin" / "source-declarative-manifest"), "read"),
        *(part for name in files for part in (f"--{name}", str(folder / f"{name}.json"))),
        *("--manifest-path", str(PROJECT / "manifest.yaml")),
    ]


def messages(path: Path, kind: str) -> Iterator[Any]:
    """What a read has printed, of one kind (`RECORD`, `STATE`)."""
    with path.open("rb") as file:
        for line in file:
            if line.startswith(b"{") and (message := json.loads(line))["type"] == kind:
                yield message[kind.lower()]
