"""Durations as people read them."""

import math

from hypothesis import given
from hypothesis import strategies as st

from rootly_assets.charts.durations import duration


@given(st.one_of(st.none(), st.just(math.nan), st.floats(0, 3e8)))
def test_every_duration_can_be_said_in_few_characters(seconds: float | None) -> None:
    said = duration(seconds)
    assert 1 < len(said) <= 9 or said == "–"
    assert "60m" not in said
    assert "24h" not in said
