"""What the environment says of personal data holds for what is stored; a change does after a full refresh."""

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

        def stored(setting: str, salt: str, *, full_refresh: bool) -> dict[str, tuple[str, ...]]:
            monkeypatch.setenv("ROOTLY_PERSONAL_DATA", setting)
            monkeypatch.setenv("ROOTLY_HASH_SALT", salt)
            project.client = outside_of_runs(rootly_resource()).client()
            outcomes = project.sync(USERS, full_refresh=full_refresh)
            assert outcomes["users"].status is Status.LOADED
            return {row[0]: row[1:] for row in project.rows("users", "id, full_name, email")}

        assert stored("keep", "", full_refresh=False) == known
        assert stored("names=drop,emails=hash", "pepper", full_refresh=True) == {
            id_: (None, hashed(email, "pepper")) for id_, (_, email) in known.items()
        }
        assert stored("hash", "salt", full_refresh=True) == {
            id_: (hashed(name, "salt"), hashed(email, "salt"))
            for id_, (name, email) in known.items()
        }
