"""The asset graph as a small text, to see in a diff what a change does to it.

Renew it with `python -m rootly_assets_tests.assets.asset_graph`.
"""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import dagster as dg

SNAPSHOT = Path(__file__).with_suffix(".txt")


def as_text(specs: Iterable[dg.AssetSpec]) -> str:
    """One line an asset, by group: its key, and the keys that it is made from."""
    ordered = sorted(specs, key=lambda spec: (spec.group_name or "", spec.key.to_user_string()))
    lines: list[str] = []
    for group, members in groupby(ordered, key=lambda spec: spec.group_name):
        lines.append(f"{group}:")
        for spec in members:
            deps = sorted(dep.asset_key.to_user_string() for dep in spec.deps)
            made_from = f" <- {', '.join(deps)}" if deps else ""
            lines.append(f"  {spec.key.to_user_string()}{made_from}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from rootly_assets.definitions import defs

    SNAPSHOT.write_text(as_text(defs().resolve_all_asset_specs()))
