"""What tabs are made of: figures in tiles, charts and tables in cards, with what stands behind them."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import marimo as mo
import pandas as pd

from rootly_assets.app.downloads import downloads
from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.theme import AUTOSIZE, CONFIG
from rootly_assets.markup import numbers_of
from rootly_assets.queries.tiles import Tile

LONG = 30
"""Characters from which on a text of a table is broken over lines."""

_SMALL = "Too few to say much."

_EMBEDDED = {"renderer": "svg", "actions": False}


@dataclass(frozen=True)
class Card:
    """A chart or a table under a title.

    Attributes:
        title: what it shows.
        body: the chart, the rows of a table (columns named for people), or None where nothing is.
        note: how it is counted, in a sentence.
        small: whether so few stand behind it that it says little.
        wide: whether it takes the whole width.
        nothing: what is said where nothing is.
        formats: how values of a table's columns are written, by column: it is sorted, and downloaded, by the
            values themselves.
        widths: pixels of a table's columns, where its card is too narrow for what they would take.
    """

    title: str
    body: Drawn | pd.DataFrame | None
    note: str = ""
    small: bool = False
    wide: bool = False
    nothing: str = "None."
    formats: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict[str, Any])
    widths: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.body is None or (isinstance(self.body, pd.DataFrame) and self.body.empty)


@dataclass(frozen=True)
class Tab:
    """All that a tab shows, in order."""

    intro: str
    tiles: Sequence[Tile] = field(default_factory=tuple[Tile, ...])
    cards: Sequence[Card] = field(default_factory=tuple[Card, ...])


def render(tab: Tab) -> mo.Html:
    """The tab as HTML."""
    tiles = "".join(map(_tile, tab.tiles))
    cards = "".join(map(_card, tab.cards))
    return mo.Html(
        f'<p class="intro">{html.escape(tab.intro)}</p>'
        f'<div class="tiles">{tiles}</div><div class="cards">{cards}</div>'
    )


def waiting() -> mo.Html:
    """What stands in a tab's place while it is counted: its shape, without figures."""
    tiles = '<div class="tile"></div>' * 6
    cards = '<div class="card"></div>' * 4
    return mo.Html(
        '<div class="waiting" role="status" aria-label="Counting"><p class="intro">Counting …</p>'
        f'<div class="tiles">{tiles}</div><div class="cards">{cards}</div></div>'
    )


def _tile(tile: Tile) -> str:
    small = f". {_SMALL}" if tile.small else ""
    change = ""
    if tile.change is not None:
        title = html.escape(f"against as many days before; {tile.change.why}")
        change = f'<span class="change" title="{title}">{tile.change.words}</span>'
    return (
        f'<div class="tile"><div class="label">{html.escape(tile.label)}</div>'
        f'<div class="value">{html.escape(tile.value)}{change}</div>'
        f'<div class="note">{html.escape(tile.note)}{small}</div></div>'
    )


def _card(card: Card) -> str:
    # How nothing was counted is nobody's question.
    noted = card.note and not card.is_empty
    small = f" {_SMALL}" if card.small else ""
    note = f'<p class="note">{html.escape(card.note)}{small}</p>' if noted else ""
    return (
        f'<section class="card{" wide" if card.wide else ""}"><div class="title" role="heading" '
        f'aria-level="2">{html.escape(card.title)}</div>{_body(card)}{note}</section>'
    )


def _texts(table: pd.DataFrame) -> list[str]:
    """Columns with sentences: those are broken over lines, names and words are not."""
    words = table.select_dtypes(["object", "str"])
    return [str(name) for name in words if words[name].astype(str).str.len().max() > LONG]


def link(url: str | None) -> mo.Html | str:
    """A table's cell that leads to Rootly; nothing where there is no address."""
    if not url or not url.startswith(("https://", "http://")):
        return ""
    return mo.Html(
        f'<a href="{html.escape(url)}" target="_blank" rel="noreferrer" '
        'style="color: var(--link); text-decoration: underline">open</a>'
    )


def _body(card: Card) -> str:
    body = card.body
    if body is None or card.is_empty:
        return f'<p class="empty">{html.escape(card.nothing)}</p>'
    if isinstance(body, pd.DataFrame):
        table = mo.ui.table(
            body,
            selection=None,
            page_size=10,
            show_data_types=False,
            show_column_summaries=False,
            show_download=False,
            format_mapping=dict(card.formats),
            wrapped_columns=_texts(body),
            column_widths=dict(card.widths),
        )
        name = re.sub(r"\W+", "-", card.title).strip("-").lower()
        return mo.as_html(table).text + downloads(body, name).text
    # As SVG, so that the style sheet can colour words and lines for light and for dark. Who hears the page
    # hears the title.
    shown = body.configure(**CONFIG).properties(
        description=card.title, autosize=AUTOSIZE, usermeta={"embedOptions": _EMBEDDED}
    )
    return mo.as_html(shown).text + numbers_of(body, card.title)
