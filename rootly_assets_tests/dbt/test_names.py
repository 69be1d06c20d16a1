"""Names that every warehouse can hold."""

import json
from pathlib import Path

# PostgreSQL cuts names off after so many characters; dbt makes a relation of each model and each unit test.
LONGEST = 63


def test_no_model_and_no_unit_test_has_a_name_too_long_for_a_relation(manifest: Path) -> None:
    made = json.loads((manifest / "manifest.json").read_text())
    nodes = [*made["unit_tests"].values(), *made["nodes"].values()]
    names = {node["name"] for node in nodes if node["resource_type"] in ("model", "unit_test")}
    assert len(names) > 50
    assert {name for name in names if len(name) > LONGEST} == set()
