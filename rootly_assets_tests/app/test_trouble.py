"""What is wrong is shown on the page as it was said: a name in it is never a piece of the page."""

import html
from pathlib import Path

import duckdb
import marimo as mo
import pytest

import rootly_assets
from rootly_assets.app.explore import answer
from rootly_assets.app.trouble import shown_as_trouble
from rootly_assets.reader import DatasetError

NAME = "<img src=x onerror=alert(1)> [at](javascript:alert(1))"


def is_text(page: mo.Html) -> bool:
    """Whether the name stands in it as text: the page reads it from an attribute, as HTML in JSON in HTML."""
    shown = html.unescape(page.text).replace("\\u003c", "<").replace("\\u003e", ">")
    return html.escape(NAME) in shown and "<img" not in shown and "href" not in shown


def test_an_error_is_text_and_no_markup() -> None:
    with pytest.raises(mo.MarimoStopError) as caught, shown_as_trouble():
        raise DatasetError(f"There is no file at /data/{NAME}.duckdb.")
    assert isinstance(caught.value.output, mo.Html)
    assert is_text(caught.value.output)


def test_a_refusal_of_explore_is_text_and_no_markup(tmp_path: Path) -> None:
    file = tmp_path / "some.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE t (n INTEGER)")
    dataset = rootly_assets.dataset(file)
    for query in (f'FROM "{NAME}"()', f'FROM "{NAME}"'):
        assert is_text(answer(dataset, query))
