"""The dashboard's stylesheet knows the charts' colours by their values."""

from importlib.resources import files

import pytest

from rootly_assets.charts.theme import LIGHT


@pytest.mark.parametrize("part", ["fill", "stroke"])
def test_marks_in_the_colour_of_words_turn_with_the_ground(part: str) -> None:
    stylesheet = files("rootly_assets.app").joinpath("dashboard.css").read_text()
    assert f'[{part}="{LIGHT.text}"] {{ {part}: var(--words); }}' in stylesheet
