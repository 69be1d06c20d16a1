"""Colours that turn with the ground, and are told apart by the colour-blind."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from rootly_assets.charts.theme import GROUND, LEVEL_COLORS, SERIES, SIGNAL_COLORS, TEXT

# What is seen with each kind of colour-blindness, on linear RGB: Machado, Oliveira and Fernandes (2009), whole.
SEEN = {
    "everything": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# From linear RGB to XYZ by white (sRGB, D65).
XYZ = np.array([[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8728]])


def lab(color: str, seen: str) -> np.ndarray:
    """A colour in CIELAB, in which distances are about as large as they look."""
    parts = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in XYZ @ np.clip(SEEN[seen] @ linear, 0, 1)
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("colors", [SERIES, (*SIGNAL_COLORS.values(),), LEVEL_COLORS])
def test_no_two_look_the_same_to_anybody(colors: tuple[str, ...], seen: str) -> None:
    """A distance of 2.3 can just be seen; these are several times that."""
    for one, other in combinations(colors, 2):
        assert np.linalg.norm(lab(one, seen) - lab(other, seen)) > 8, (one, other)


def test_the_more_severe_is_the_darker() -> None:
    lightness = [lab(color, "everything")[0] for color in LEVEL_COLORS]
    assert all(after - before > 5 for before, after in pairwise(lightness))


@pytest.mark.parametrize("part", ["fill", "stroke"])
def test_marks_in_the_colour_of_words_turn_with_the_ground(part: str) -> None:
    assert f'[{part}="{TEXT}"] {{ {part}: var(--words); }}' in GROUND
