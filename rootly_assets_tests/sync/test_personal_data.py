"""What the environment says is to be hidden is not stored; a change of it holds after a full refresh."""

import hashlib
import hmac
from pathlib import Path

import pytest

from rootly_assets.catalogue import wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.settings import outside_of_runs, rootly_resource
from rootly_assets.sync.outcome import Status
from rootly_assets_tests.sync.project import following

USERS = [each for each in wired() if each.table == "users"]


def hashed(text: str, salt: str) -> str:
    return hmac.new(salt.encode(), text.strip().lower().encode(), hashlib.sha256).hexdigest()


def test_the_environments_treatment_reaches_the_stored_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.build(incidents=5)
    known = {
        each.id: (each.attributes["full_name"], each.attributes["email"])
        for each in workspace.records("users")
    }
    with (
        serve(workspace, requests_per_minute=60_000) as server,
        following(server, tmp_path, USERS) as project,
    ):
        monkeypatch.setenv("ROOTLY_API_URL", server.url)
        monkeypatch.setenv("ROOTLY_API_TOKEN", server.token)

        def stored(*, full_refresh: bool = True, **variables: str) -> dict[str, tuple[str, ...]]:
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            project.client = outside_of_runs(rootly_resource()).client()
            outcomes = project.sync(USERS, full_refresh=full_refresh)
            assert outcomes["users"].status is Status.LOADED
            return {row[0]: row[1:] for row in project.rows("users", "id, full_name, email")}

        assert stored(full_refresh=False) == known
        assert stored(ROOTLY_PERSONAL_DATA="names=drop,emails=hash", ROOTLY_HASH_SALT="pepper") == {
            id_: (None, hashed(email, "pepper")) for id_, (_, email) in known.items()
        }
        assert stored(ROOTLY_PERSONAL_DATA="hash", ROOTLY_HASH_SALT="salt") == {
            id_: (hashed(name, "salt"), hashed(email, "salt"))
            for id_, (name, email) in known.items()
        }
        assert stored(ROOTLY_PERSONAL_DATA="keep", ROOTLY_SECRET_KEYS="sig, full_name") == {
            id_: (None, email) for id_, (_, email) in known.items()
        }
