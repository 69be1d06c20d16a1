"""Every command that the README and the guides show is one that exists, and that something here runs."""

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import dagster as dg
import pytest
import requests

from rootly_assets.catalogue import readable, wired
from rootly_assets_tests.warehouse.guide import carry_out_python

REPOSITORY = Path(__file__).parents[2]
OPERATIONS = REPOSITORY / "docs" / "operations.md"
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text() for page in PAGES)


def test_every_make_target_is_in_the_makefile() -> None:
    shown = set(re.findall(r"(?:^|[`\s]|… )make ([a-z][a-z-]+)(?=[`\s]|$)", TEXT, re.MULTILINE))
    code = "\n".join(re.findall(r"```.*?```|`[^`]+`", TEXT, re.DOTALL))
    shown = {target for target in shown if f"make {target}" in code}
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test", "dev", "sync", "metrics", "refresh"} <= shown
    assert shown <= targets


def test_every_make_target_is_explained_by_make_help() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    explained = set(re.findall(r"^([a-z-]+):.*?## ", makefile, re.MULTILINE))
    assert set(phony[1].split()) == explained


def test_make_clean_leaves_data_and_the_history_of_runs(tmp_path: Path) -> None:
    for folder in ("data", ".dagster", ".venv"):
        (tmp_path / folder).mkdir()
    command = ["make", "-C", str(tmp_path), "-f", str(REPOSITORY / "Makefile"), "clean"]
    subprocess.run(command, check=True, capture_output=True)
    assert {each.name for each in tmp_path.iterdir()} == {"data", ".dagster"}


SHOWN = re.compile(r"python -m (rootly_assets[\w.]*)(?: ([a-z][a-z-]*))?((?: [^`\n#]*)?)")
# Alone in backticks, where the command is named before: all but those of dbt and of PostgreSQL's pg_dump.
ALONE = re.compile(r"`(--[a-z][a-z-]*)[^`\n]*`")
OF_OTHERS = {"--vars"}


def test_every_command_that_is_shown_is_one_with_all_of_its_options() -> None:
    options: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module, command, rest in SHOWN.findall(TEXT):
        options[module, command] |= set(re.findall(r"--[a-z][a-z-]*", rest))
    assert {option for each in options.values() for option in each} >= {"--since", "--full-refresh"}
    all_help = ""
    for (module, command), shown in sorted(options.items()):
        done = subprocess.run(
            [sys.executable, "-m", module, *filter(None, [command]), "--help"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"python -m {module} {command}: {done.stderr}"
        all_help += done.stdout
        assert shown <= options_in(done.stdout), f"python -m {module} {command}"
    alone = set(ALONE.findall(TEXT)) - OF_OTHERS
    assert alone >= {"--since", "--sweep", "--json"}
    assert alone <= options_in(all_help)


def options_in(help_: str) -> set[str]:
    return set(re.findall(r"--[a-z][a-z-]*", help_))


def test_as_many_lists_are_assets_as_the_page_says() -> None:
    readme = " ".join((REPOSITORY / "README.md").read_text().split())
    links = sum(each.links_to is not None for each in wired())
    assert f"{len(wired()) - links} lists are assets" in readme
    assert f"and {links} link tables beside them" in readme
    optional = [each for each in readable() if each.optional]
    deprecated = sum(each.deprecated for each in optional)
    said = re.search(
        r"(\w+) lists are assets only .*? asks for them: (\w+) deprecated.*? (\w+) that", readme
    )
    assert said
    numbers = {"two": 2, "five": 5, "Seven": 7}
    assert [numbers[word] for word in said.groups()] == [
        len(optional),
        deprecated,
        len(optional) - deprecated,
    ]


def test_every_setting_that_is_read_is_in_a_table() -> None:
    sources = [
        REPOSITORY / "rootly_assets" / each
        for each in (
            "settings.py",
            "warehouse/destination.py",
            "warehouse/filesystem/place.py",
            "warehouse/filesystem/iceberg.py",
        )
    ]
    sources.append(REPOSITORY / "dbt_project" / "profiles.yml")
    read = {
        name
        for source in sources
        for name in re.findall(r"""["'](ROOTLY_[A-Z_]+)["']""", source.read_text())
    }
    listed = set(re.findall(r"^\| `(ROOTLY_[A-Z_]+)`", TEXT, re.MULTILINE))
    assert read == listed


def test_the_sensor_of_the_guide_hears_of_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    defs = carry_out_python(OPERATIONS, "run_failure_sensor")["defs"]
    sent: list[dict[str, str]] = []

    def post(_: str, *, json: dict[str, str], **__: object) -> requests.Response:
        sent.append(json)
        answer = requests.Response()
        answer.status_code = 200
        return answer

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setenv("PAGER_URL", "https://pager.example")

    @dg.op
    def fails() -> None:
        raise ValueError

    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.GraphDefinition("broken", node_defs=[fails]).execute_in_process(
            instance=instance, raise_on_error=False
        )
        event = next(each for each in run.all_events if each.is_run_failure)
        (sensor,) = defs.sensors
        sensor(
            dg.build_run_status_sensor_context(
                sensor.name, event, instance, run.dagster_run
            ).for_run_failure()
        )
    assert [each["text"].split(" (")[0] for each in sent] == ["broken failed"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (page.parent / link).exists()] == []
