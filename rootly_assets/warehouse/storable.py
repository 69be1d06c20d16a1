"""Takes out of a landing file what PostgreSQL and Redshift can't hold in any text: the NUL character."""

import re
from mmap import ACCESS_READ, mmap
from pathlib import Path

from rootly_assets.sync.errors import landing_file_failed

NUL = b"\\u0000"

# Pairs first: in `\\u0000` (a backslash, then text) there is no NUL.
_ESCAPES = re.compile(rb"\\(?:u0000|.)", re.DOTALL)


def make_storable(path: Path) -> None:
    """Put the replacement character U+FFFD in the place of each NUL; once more changes nothing.

    Raises:
        SyncError: where the disk takes no more.
    """
    if not _has_nul(path):
        return
    mended = path.with_suffix(".storable")
    try:
        with path.open("rb") as lines, mended.open("wb") as file:
            file.writelines(
                _ESCAPES.sub(_replaced, line) if NUL in line else line for line in lines
            )
        mended.replace(path)
    except OSError as error:
        mended.unlink(missing_ok=True)
        raise landing_file_failed(path, error) from error


def _has_nul(path: Path) -> bool:
    if path.stat().st_size == 0:  # nothing can't be mapped
        return False
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return content.find(NUL) >= 0


def _replaced(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape[0] == NUL else escape[0]
