"""What reads the models says so: an exposure names every model that the code behind it asks for."""

import re
from pathlib import Path

import pytest
import yaml

import rootly_assets
from rootly_assets_tests.dbt.commands import PROJECT

CODE = Path(rootly_assets.__file__).parent

# The notebook and the tab Explore show a query to begin with: they are for questions of people's own.
READERS = {
    "rootly_report": ["report", "queries"],
    "panel_parity": ["panels"],
    "rootly_dashboard": ["app", "queries", "panels"],
}
# The dashboard compares nothing with Rootly's numbers.
COMPARED = CODE / "panels" / "stored.py"


@pytest.mark.parametrize("exposure", READERS)
def test_an_exposure_names_every_model_that_is_read(exposure: str) -> None:
    files = [file for place in READERS[exposure] for file in (CODE / place).rglob("*.py")]
    if exposure != "panel_parity":
        files = [file for file in files if file != COMPARED]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    read = set(re.findall(r"(?<!`)(?:marts|intermediate|staging|seeds)\.(\w+_\w*[a-z])\b", text))
    assert named()[exposure] == read


def named() -> dict[str, set[str]]:
    """The models that each exposure depends on."""
    found = yaml.safe_load((PROJECT / "models" / "exposures.yml").read_text(encoding="utf-8"))
    return {
        each["name"]: {re.findall(r"'(\w+)'", ref)[0] for ref in each["depends_on"]}
        for each in found["exposures"]
    }


def test_no_reader_counts_by_a_window_over_everything() -> None:
    """DuckDB 1.5 fails at `count(*) OVER ()` now and then, and at all that is asked after it."""
    places = {place for places in READERS.values() for place in places}
    for place in places:
        for file in (CODE / place).rglob("*.py"):
            assert not re.search(r"\bOVER \(\) AS", file.read_text(encoding="utf-8")), file
