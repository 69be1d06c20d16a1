"""Landing files: redacted records as the server sent them, one JSON object a line, until they are committed."""

import re
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import msgspec
from filelock import FileLock, Timeout

from rootly_assets.sync.errors import landing_failed
from rootly_assets.sync.shaping.tidying import ODD

LOCK = ".lock"
UNBORN = 3600  # seconds


class LandingFile:
    """Appends records to one table's file.

    Attributes:
        path: the file.
        records: how many records were appended.
        longest: the longest record in bytes (the reader must allow for it).
        size: bytes that were appended.
    """

    def __init__(self, path: Path, *, root: Path | None = None) -> None:
        self.path = path
        # What an error names: the folder that the user set, not that of one step.
        self._root = root or path.parent
        self.records = 0
        self.longest = 0
        self.size = 0
        self._file = path.open("wb")
        self._lock = Lock()  # children of several parents are read side by side

    def append(self, records: Iterable[bytes | msgspec.Raw], *, parent: str | None = None) -> None:
        """Append raw records.

        Args:
            records: one JSON object each, or whatever a list gave in its place.
            parent: id of the record whose list they are from; noted in each as a member of that name.

        Raises:
            SyncError: where the disk takes no more.
        """
        lines = list(records)
        if not lines:
            return
        if parent is not None:
            noted = b'{"parent":%b,' % msgspec.json.encode(parent)
            lines = [_with(noted, bytes(line)) for line in lines]
        text = b"\n".join((*lines, b""))
        if not _is_one_a_line(text, lines):
            # A raw line break in JSON is white space between tokens, never part of a value.
            text = b"\n".join((*(bytes(line).translate(LINE_BREAKS) for line in lines), b""))
        longest = max(map(len, lines))
        with self._lock:
            self.longest = max(self.longest, longest)
            self.records += len(lines)
            self.size += len(text)
            try:
                self._file.write(text)
            except OSError as error:
                raise landing_failed(self._root, error) from error

    def close(self) -> None:
        """Write what is still buffered.

        Raises:
            SyncError: where the disk takes no more.
        """
        try:
            self._file.close()
        except OSError as error:
            raise landing_failed(self._root, error) from error

    def remove(self) -> None:
        """Delete the file: its rows are committed, or will be read again."""
        self._file.close()
        self.path.unlink(missing_ok=True)


_EMPTY = re.compile(rb"\{\s*\}")


def _with(noted: bytes, line: bytes) -> bytes:
    """A record after a member that is noted in it; what is no object is kept as shaping keeps such."""
    if not line.startswith(b"{"):
        return noted + b'"%b":{"record":%b}}' % (ODD.encode(), line)
    return noted[:-1] + b"}" if _EMPTY.fullmatch(line) else noted + line[1:]


LINE_BREAKS = bytes.maketrans(b"\r\n", b"  ")


def _is_one_a_line(text: bytes, records: Iterable[bytes | msgspec.Raw]) -> bool:
    """Whether the joined records' only line breaks are those between them."""
    at = 0
    for record in records:
        end = at + len(record)
        if text.find(b"\n", at) != end:  # as fast as memory; counting them takes ten times as long
            return False
        at = end + 1
    return b"\r" not in text


def _remove_unborn(hidden: Path) -> None:
    """Remove a folder that has had no name for an hour: who made it was killed in that moment."""
    with suppress(OSError):
        if hidden.stat().st_mtime < time.time() - UNBORN and [*hidden.iterdir()] == [hidden / LOCK]:
            (hidden / LOCK).unlink()
            hidden.rmdir()


class LandingArea:
    """A folder of landing files that belongs to one step, locked while the step lives, and closed to others.

    Folders whose lock is free belong to a step that was killed: they are removed on entry, since nothing in
    them was committed and everything in them will be read again.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._root = root
        self._folder = root / name
        self._numbers = count(1)
        # Made and locked under a name that no sweep looks at: another step may begin at the same moment.
        self._hidden = root / f".{name}"
        self._lock = FileLock(self._hidden / LOCK)

    def __enter__(self) -> Self:
        """Take the folder, and sweep what crashed steps left.

        Raises:
            SyncError: where the folder can't be written.
        """
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            # What people wrote lies in it as it came, whatever rights the warehouse gives to whom.
            self._hidden.mkdir(mode=0o700, exist_ok=True)
            self._lock.acquire(timeout=0)
            self._sweep()
            self._hidden.rename(self._folder)
        except (OSError, Timeout) as error:
            raise landing_failed(self._root, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the folder and everything in it."""
        self._lock.release()
        shutil.rmtree(self._folder, ignore_errors=True)

    def file(self, table: str) -> LandingFile:
        """A new, empty file for a table.

        Raises:
            SyncError: where it can't be written.
        """
        try:
            # Numbered, since a long list is landed in pieces, each while the last one is loaded.
            name = f"{table}-{next(self._numbers)}.ndjson"
            return LandingFile(self._folder / name, root=self._root)
        except OSError as error:
            raise landing_failed(self._root, error) from error

    def _sweep(self) -> None:
        for folder in self._root.iterdir():
            if folder.name.startswith("."):
                _remove_unborn(folder)
                continue
            lock = FileLock(folder / LOCK)
            try:
                if not (folder / LOCK).exists():
                    continue
                lock.acquire(timeout=0)
            except (Timeout, OSError):
                continue  # a living step's or another user's, or it was removed this very moment
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)
