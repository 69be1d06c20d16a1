"""What is wrong is said in a sentence on the page, never as a traceback."""

from collections.abc import Generator
from contextlib import contextmanager

import marimo as mo

from rootly_assets.errors import NotConfigured
from rootly_assets.reader import DatasetError


@contextmanager
def shown_as_trouble() -> Generator[None]:
    """Show a warehouse that can't be read, or a setting that is wrong, as a note on the page; stop there."""
    try:
        yield
    except (DatasetError, NotConfigured) as error:
        mo.stop(True, mo.callout(str(error), kind="warn"))
