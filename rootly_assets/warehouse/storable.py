"""Takes out of a landing file what PostgreSQL or Redshift can't hold: the NUL character, endless numbers."""

import re
from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from pathlib import Path

from rootly_assets.sync.errors import landing_file_failed

NUL = b"\\u0000"

# Pairs first: in `\\u0000` (a backslash, then text) there is no NUL.
_ESCAPES = re.compile(rb"\\(?:u0000|.)", re.DOTALL)

# Texts too, so that what looks like a number in one of them is let alone.
_SCALARS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*', re.DOTALL)

# PostgreSQL has 131,072 digits before the point, and 16,383 after it.
_ENDLESS = re.compile(rb"[-0-9].{16000,}|[-0-9].*[eE][+-]?0*[1-9][0-9]{4,}")


def make_storable(path: Path) -> None:
    """Put the replacement character U+FFFD in the place of each NUL; once more changes nothing.

    Raises:
        SyncError: where the disk takes no more.
    """
    if _has_nul(path):
        _mend(path, lambda line: _ESCAPES.sub(_replaced, line) if NUL in line else line)


def quote_endless_numbers(path: Path) -> None:
    """Make texts of numbers with more digits than PostgreSQL has for one; once more changes nothing.

    Raises:
        SyncError: where the disk takes no more.
    """
    _mend(path, lambda line: _SCALARS.sub(_quoted, line))


def _mend(path: Path, mended: Callable[[bytes], bytes]) -> None:
    """Put what is made of each line in its place."""
    new = path.with_suffix(".storable")
    try:
        with path.open("rb") as lines, new.open("wb") as file:
            file.writelines(map(mended, lines))
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise landing_file_failed(path, error) from error


def _has_nul(path: Path) -> bool:
    if path.stat().st_size == 0:  # nothing can't be mapped
        return False
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return content.find(NUL) >= 0


def _replaced(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape[0] == NUL else escape[0]


def _quoted(scalar: re.Match[bytes]) -> bytes:
    return b'"%b"' % scalar[0] if _ENDLESS.fullmatch(scalar[0]) else scalar[0]
