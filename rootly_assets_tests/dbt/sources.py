"""The lists that the dbt project reads, and those that they are nested under."""

import re

from rootly_assets.catalogue import Endpoint, wired
from rootly_assets_tests.dbt.commands import PROJECT

SOURCES = PROJECT / "models" / "staging" / "_rootly__sources.yml"


def lists_of(tables: set[str] | None = None) -> list[Endpoint]:
    """The lists of these raw tables, of all that staging reads by default, with every parent."""
    known = {each.table: each for each in wired()}
    declared = set(re.findall(r"^      - name: (\w+)$", SOURCES.read_text(), re.MULTILINE))
    wanted = (declared if tables is None else tables) & known.keys()
    while above := {parent.table for each in wanted if (parent := known[each].parent)} - wanted:
        wanted |= above
    return [known[each] for each in sorted(wanted)]
