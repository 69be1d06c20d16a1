"""What settings and command lines of this package accept as a number."""

import argparse
from collections.abc import Callable


def read_whole_number(text: str, at_least: int, at_most: int | None = None) -> int:
    """The whole number that a text says.

    Raises:
        ValueError: it says none within the bounds; the message is what it should say.
    """
    is_number = text.isascii() and text.isdigit()
    if not is_number or int(text) < at_least or (at_most is not None and int(text) > at_most):
        most = "" if at_most is None else f" and at most {at_most}"
        raise ValueError(f"should be a whole number of at least {at_least}{most}")
    return int(text)


def whole_number(at_least: int, at_most: int | None = None) -> Callable[[str], int]:
    """A type for argparse: a whole number within bounds."""

    def read(text: str) -> int:
        try:
            return read_whole_number(text, at_least, at_most)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} {error}") from error

    return read
