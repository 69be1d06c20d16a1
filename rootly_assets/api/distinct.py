"""Counts distinct rows of a long list in eight bytes a row."""

from array import array
from collections.abc import Iterable

_PARTS = 256


class DistinctCount:
    """How many different 64-bit hashes were added.

    A set takes some seventy bytes a row; here hashes lie in plain arrays, parted so that counting
    needs a set of one part only at a time.
    """

    def __init__(self) -> None:
        self._parts = [array("q") for _ in range(_PARTS)]

    def add(self, hashes: Iterable[int]) -> None:
        """Add hashes, each a signed 64-bit number."""
        parts = self._parts
        for value in hashes:
            parts[value % _PARTS].append(value)

    def count(self) -> int:
        """Return the number of different hashes added so far."""
        return sum(len(set(part)) for part in self._parts)
