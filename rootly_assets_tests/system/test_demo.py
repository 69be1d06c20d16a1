"""The demo ends as the README says: with a report, and with every number of Rootly's own dashboards."""

import re
from pathlib import Path

import pytest

from rootly_assets_tests.system.command_line import command, environment, run

pytestmark = pytest.mark.exhaustive


def test_it_ends_well_with_a_report_and_with_rootlys_own_numbers(tmp_path: Path) -> None:
    done = run(command("demo", "--incidents", "40"), tmp_path, environment(tmp_path))
    assert done.status == 0, done.everything
    said = re.search(
        r"([\d,]+) of ([\d,]+) numbers in (\d+) panels of Rootly's own dashboards are the same here",
        " ".join(done.everything.split()),
    )
    assert said, done.everything
    assert said[1] == said[2] != "0"
    assert said[3] == "38"
    report = tmp_path / "data" / "demo" / "report.html"
    assert "Incident report" in report.read_text()
