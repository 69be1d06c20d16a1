"""A filter shows the incidents that have what was chosen, and no others."""

import pytest

from rootly_assets.app.filters import Filters, choices
from rootly_assets.app.reliability import reliability
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.reader import Dataset
from rootly_assets_tests.system.refreshed import NOW

ALL = Filters(NOW, None, "quarter", "UTC")


def shown(dataset: Dataset, filters: Filters) -> int:
    """How many incidents the tab says that there are."""
    (tile,) = (each for each in reliability(dataset, filters).tiles if each.label == "Incidents")
    return int(tile.value.replace(",", ""))


@pytest.mark.parametrize("dimension", ["team", "service", "severity"])
def test_whatever_is_chosen_the_bridge_has_as_many(dataset: Dataset, dimension: str) -> None:
    counts = dataset.sql(f"""
        SELECT links.member_name, count(DISTINCT links.incident_id) AS n
        FROM marts.bridge_incident_dimensions AS links
        INNER JOIN (SELECT * FROM marts.fct_incidents WHERE {INCIDENTS}) AS facts
            ON links.incident_id = facts.incident_id
        WHERE links.dimension = '{dimension}' GROUP BY links.member_name
    """).records()
    assert len(counts) > 2
    everything = shown(dataset, ALL)
    offered = choices(dataset)[dimension]
    for row in counts:
        assert row["member_name"] in offered
        filters = Filters(NOW, None, "quarter", "UTC", **{dimension: row["member_name"]})
        assert shown(dataset, filters) == row["n"] < everything
