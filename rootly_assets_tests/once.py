"""What takes long is made once, by whichever worker comes first, and used by all."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

Made = TypeVar("Made")


def once(folder: Path, make: Callable[[Path], Made]) -> Made:
    """Fill a folder that workers share, unless another did.

    Args:
        folder: takes what is made; nobody changes it afterwards.
        make: fills it; what it returns is kept by pickle.
    """
    kept = folder.with_suffix(".pickle")
    with FileLock(folder.with_suffix(".lock")):
        if not kept.exists():
            folder.mkdir(exist_ok=True)
            made = make(folder)
            kept.write_bytes(pickle.dumps(made))
        return pickle.loads(kept.read_bytes())
