"""`python -m rootly_assets.catalogue`, run on a copy of the catalogue as people run it."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import rootly_assets
from rootly_assets.catalogue import catalogue, readable
from rootly_assets_tests.catalogue.document import answer, attributes, document, get, query, record

pytestmark = pytest.mark.slow

Result = subprocess.CompletedProcess[str]
COMMAND = (sys.executable, "-m", "rootly_assets.catalogue")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a copy of the package, whose catalogue may change, and the small document beside it."""
    package = Path(rootly_assets.__file__).parent
    besides = shutil.ignore_patterns("__pycache__", "sandbox", "warehouse")
    shutil.copytree(package, tmp_path / package.name, ignore=besides)
    (tmp_path / "document.json").write_text(json.dumps(document()))
    return tmp_path


@pytest.fixture
def url(project: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(project))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(project: Path, *arguments: str) -> Result:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=project, capture_output=True, text=True, check=False
    )


def by_list(output: str) -> dict[str, list[str]]:
    """What a command said of each list, a line a fact."""
    said: dict[str, list[str]] = {}
    facts: list[str] = []
    for line in output.splitlines():
        if line.startswith("/"):
            facts = said[line] = []
        elif line.startswith("  "):
            facts.append(line)
    return said


def stored(project: Path) -> dict[str, bytes]:
    folder = project / "rootly_assets" / "catalogue" / "endpoints"
    return {file.name: file.read_bytes() for file in folder.glob("*.json")}


def test_list_json_prints_one_endpoint_a_line(project: Path) -> None:
    result = run(project, "list", "--json")
    assert result.returncode == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == len(catalogue())
    assert {tuple(line) for line in lines} == {
        ("path", "table", "asset_key", "domain", "strategy", "parent", "columns")
    }
    incidents = next(line for line in lines if line["path"] == "/v1/incidents")
    assert incidents["asset_key"] == ["rootly", "incidents"]
    assert incidents["strategy"] == "since"
    assert incidents["columns"]["started_at"] == "timestamp"


def test_list_shows_every_endpoint_to_people(project: Path) -> None:
    result = run(project, "list")
    assert result.returncode == 0
    for domain in {endpoint.domain for endpoint in readable()}:
        assert domain in result.stdout
    for endpoint in catalogue():
        assert f" {endpoint.path} " in result.stdout, "names are whole where no window cuts them"


def test_list_says_of_a_list_that_is_not_simply_read_what_becomes_of_it(project: Path) -> None:
    lines = {line.split()[5]: line for line in run(project, "list").stdout.splitlines()[3:-1]}
    assert " never read " in lines["/v1/secrets"]
    assert " same rows as /v1/shifts " in lines["/v1/schedules/{id}/shifts"]
    assert " whole, if asked for " in lines["/v1/custom_fields"]


def test_whoever_reads_the_first_lines_only_sees_no_error(project: Path) -> None:
    command = f"{sys.executable} -m rootly_assets.catalogue list --json | head -n 1"
    result = subprocess.run(
        ["sh", "-c", command], cwd=project, capture_output=True, text=True, check=True
    )
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr == ""


def test_a_refresh_from_a_file_says_what_is_new_gone_and_changed(project: Path) -> None:
    result = run(project, "refresh", "document.json")
    assert result.returncode == 0, result.stderr
    said = by_list(result.stdout)
    assert said["/v1/brand-new-things (table brand_new_things)"] == [
        "  new      list brand_new_things with columns name text"
    ]
    assert said["/v1/alerts (table alerts)"] == ["  gone     list alerts"]
    assert "  new      column nickname (text)" in said["/v1/teams (table teams)"]
    last = result.stdout.splitlines()[-1]
    assert re.fullmatch(
        r"By lists: 2 new, \d+ gone, \d changed\. 6 list endpoints in the catalogue\.", last
    )
    listed = run(project, "list", "--json").stdout.splitlines()
    assert len(listed) == 6


def test_a_refresh_says_the_same_of_each_fact_as_the_drift_before_it(project: Path) -> None:
    """Types, values, filters, includes, order, deprecation: whatever differs, a line each."""
    run(project, "refresh", "document.json")
    grown = document()
    team = grown["components"]["schemas"]["team"]["properties"]["attributes"]["properties"]
    team["position"] = {"type": "string"}
    team["mood [bold]"] = {"type": "string", "enum": ["calm", "busy"]}
    del team["nickname"]
    grown["paths"]["/v1/teams"]["get"]["parameters"] = [
        query("page[number]"),
        query("filter[created_at][gt]"),
    ]
    incidents = grown["paths"]["/v1/incidents"]["get"]
    incidents["deprecated"] = True
    incidents["parameters"] = [
        query("page[after]"),
        query("page[number]"),
        query("include", "roles", "tags"),
        query("filter[created_at][gt]"),
    ]
    (project / "document.json").write_text(json.dumps(grown))
    drift = by_list(run(project, "drift", "document.json").stdout)
    assert by_list(run(project, "refresh", "document.json").stdout) == drift
    assert drift == {
        "/v1/incidents (table incidents)": [
            "  gone     include events",
            "  new      include tags",
            "  new      time filter created_at",
            "  gone     time filter updated_at",
            "  changed  deprecated: no → yes",
        ],
        "/v1/teams (table teams)": [
            "  new      column mood [bold] (text)",
            "  gone     column nickname (text)",
            "  changed  column type position: integer → text",
            "  changed  sort: created_at → none",
        ],
    }


def test_a_refresh_from_a_url_gives_the_same_as_from_a_file(project: Path, url: str) -> None:
    assert run(project, "refresh", "document.json").returncode == 0
    from_file = stored(project)
    assert run(project, "refresh", f"{url}/document.json").returncode == 0
    assert stored(project) == from_file


def test_a_second_refresh_changes_nothing(project: Path) -> None:
    run(project, "refresh", "document.json")
    before = stored(project)
    result = run(project, "refresh", "document.json")
    assert result.stdout == "Nothing changed. 6 list endpoints in the catalogue.\n"
    assert stored(project) == before


def test_a_new_column_is_one_line_of_the_stored_catalogue(project: Path) -> None:
    run(project, "refresh", "document.json")
    before = stored(project)["organization.json"].splitlines()
    grown = document()
    grown["components"]["schemas"]["team"]["properties"]["attributes"]["properties"]["color"] = {
        "type": "string"
    }
    (project / "document.json").write_text(json.dumps(grown))
    result = run(project, "refresh", "document.json")
    assert by_list(result.stdout)["/v1/teams (table teams)"] == ["  new      column color (text)"]
    after = stored(project)["organization.json"].splitlines()
    assert [line.strip(b" ,") for line in after if line not in before][-1] == b'"color": "text"'
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.json", None, "No such file"),
        ("page.json", b"<html>Sign in</html>", "No OpenAPI document could be read"),
        ("list.json", b"[]", "no OpenAPI document"),
        ("other.json", b'{"name": "something"}', "has no `paths`"),
        ("paths.json", b'{"paths": []}', "has no `paths`"),
        ("empty.json", b'{"paths": {}}', "no list"),
        ("odd [red] name.json", b"{", "odd [red] name.json"),
    ],
)
def test_what_is_no_document_is_said_and_changes_nothing(
    project: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (project / name).write_bytes(content)
    before = stored(project)
    result = run(project, "refresh", name)
    assert result.returncode == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert stored(project) == before


def test_where_nothing_can_be_written_the_catalogue_stays_as_it_was(project: Path) -> None:
    before = stored(project)
    result = subprocess.run(
        # Root may write everywhere; nobody may write more than this.
        ["bash", "-c", 'ulimit -f 0; exec "$@"', "-", *COMMAND, "refresh", "document.json"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "can't be written" in result.stderr
    assert "File too large. It stays as it was." in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert stored(project) == before


def test_a_document_that_the_server_does_not_have_is_said(project: Path, url: str) -> None:
    result = run(project, "refresh", f"{url}/nothing.json")
    assert result.returncode == 1
    assert "404" in result.stderr
    assert f"{url}/nothing.json" in result.stderr


def test_no_drift_is_status_0(project: Path) -> None:
    run(project, "refresh", "document.json")
    result = run(project, "drift", "document.json")
    assert result.returncode == 0, result.stderr
    assert result.stdout == "The catalogue is as Rootly's document says.\n"


def test_drift_is_status_1_and_said_by_list_and_nothing_is_written(project: Path, url: str) -> None:
    run(project, "refresh", "document.json")
    before = stored(project)
    grown = document()
    team = grown["components"]["schemas"]["team"]["properties"]["attributes"]["properties"]
    team["color"] = {"type": "string"}
    (project / "grown.json").write_text(json.dumps(grown))
    result = run(project, "drift", f"{url}/grown.json")
    assert result.returncode == 1
    assert result.stdout.splitlines()[:2] == [
        "/v1/teams (table teams)",
        "  new      column color (text)",
    ]
    assert f"refresh {url}/grown.json" in result.stdout
    assert stored(project) == before


def test_drift_as_json_is_one_object(project: Path) -> None:
    result = run(project, "drift", "--json", "document.json")
    assert result.returncode == 1
    drift = json.loads(result.stdout)
    assert drift["source"] == "document.json"
    assert drift["is_current"] is False
    kinds = {each["path"]: each["changes"][0]["kind"] for each in drift["lists"]}
    assert kinds["/v1/brand-new-things"] == "new"
    assert kinds["/v1/alerts"] == "gone"
    assert kinds["/v1/teams"] in {"new", "gone", "changed"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("missing.json", "No such file"),
        ("page.json", "it is not JSON"),
        ("odd.json", "not in the form of an OpenAPI 3 document"),
        ("circle.json", "refers to itself"),
        ("https://nowhere.invalid/swagger.json", "nowhere.invalid"),
        ("http://127.0.0.1:9/swagger.json", "127.0.0.1:9 can't be reached"),
        ("http://[bad", "it is not a URL"),
    ],
)
def test_a_document_out_of_reach_is_status_2_in_one_sentence(
    project: Path, source: str, said: str
) -> None:
    (project / "page.json").write_text("<html>Sign in</html>")
    (project / "odd.json").write_text('{"paths": {"/v1/teams": 5}}')
    circle = {"get": {"parameters": [{"$ref": "#/circle"}]}}
    (project / "circle.json").write_text(
        json.dumps({"paths": {"/v1/teams": circle}, "circle": {"$ref": "#/circle"}})
    )
    result = run(project, "drift", source)
    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_without_an_argument_the_setting_names_the_document(url: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "rootly_assets.catalogue", "drift", "--json"],
        env={**os.environ, "ROOTLY_OPENAPI_URL": f"{url}/document.json"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert json.loads(result.stdout)["source"] == f"{url}/document.json"


def test_two_lists_that_claim_one_table_change_nothing(project: Path) -> None:
    again = get(answer(record("workflow_tasks", attributes())))
    clash = document(**{"teams/{team_id}/workflow_tasks": again})
    (project / "clash.json").write_text(json.dumps(clash))
    before = stored(project)
    result = run(project, "refresh", "clash.json")
    assert result.returncode == 1
    assert "rulings.py" in result.stderr
    assert stored(project) == before
