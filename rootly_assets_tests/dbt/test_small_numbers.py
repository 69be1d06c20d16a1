"""A percentile of few says so: every mart that has one has a flag beside it."""

import json
import re
from pathlib import Path


def test_every_percentile_has_a_flag_of_a_small_number(manifest: Path) -> None:
    made = json.loads((manifest / "manifest.json").read_text())
    unflagged: dict[str, set[str]] = {}
    percentiles = 0
    for node in made["nodes"].values():
        if node["resource_type"] != "model" or node["schema"] != "marts":
            continue
        columns = set(node["columns"])
        for column in columns:
            # In a mart of several times each has its own: resolution_time_p90_seconds.
            if found := re.fullmatch(r"(\w+_time_)?(median|p75|p90)\w*_seconds", column):
                percentiles += 1
                if f"{found[1] or ''}is_small_n" not in columns:
                    unflagged.setdefault(node["name"], set()).add(column)
    assert percentiles > 60
    assert unflagged == {}
