"""What the command lines of this package accept as an argument."""

import argparse
from collections.abc import Callable


def whole_number(at_least: int, at_most: int | None = None) -> Callable[[str], int]:
    """A type for argparse: a whole number within bounds."""

    def read(text: str) -> int:
        is_number = text.isascii() and text.isdigit()
        if not is_number or int(text) < at_least or (at_most is not None and int(text) > at_most):
            most = "" if at_most is None else f" and at most {at_most}"
            raise argparse.ArgumentTypeError(
                f"{text!r} should be a whole number of at least {at_least}{most}"
            )
        return int(text)

    return read
