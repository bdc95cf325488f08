# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures drawn on the server as plain SVG: the day as a hopscotch, small progress, strength and weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plein.web.html import joined
from plein.web.markup import written

TILE_WIDTH, TILE_HEIGHT, GAP, MARGIN = 86, 46, 7, 4
MOST_TILES = 10
BAR_ON, BAR_OFF = written('<i class="on"></i>'), written("<i></i>")
LOGO = written(
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect class="logo-board" width="32" height="32" rx="9"/>'
    '<g class="logo-chalk"><rect x="6.5" y="6.5" width="8" height="8" rx="2"/>'
    '<rect x="17.5" y="6.5" width="8" height="8" rx="2"/><rect x="6.5" y="17.5" width="8" height="8" rx="2"/></g>'
    '<circle class="logo-stone" cx="21.5" cy="21.5" r="4.9"/></svg>'
)
QUIET_SQUARE = written(
    '<svg class="quiet-square" width="168" height="74" viewBox="0 0 168 74" aria-hidden="true">'
    '<rect x="4" y="25" width="24" height="24" rx="4"/><rect x="32" y="25" width="24" height="24" rx="4"/>'
    '<rect x="60" y="11" width="24" height="24" rx="4"/><rect x="60" y="39" width="24" height="24" rx="4"/>'
    '<rect x="88" y="25" width="24" height="24" rx="4"/><path d="M116 25h22a12 12 0 0 1 0 24h-22z"/>'
    '<circle cx="133" cy="37" r="6.5"/></svg>'
)
CHALK = written(
    '<defs><filter id="chalk" x="-5%" y="-5%" width="110%" height="110%">'
    '<feTurbulence type="fractalNoise" baseFrequency=".55" numOctaves="2" seed="7"/>'
    '<feDisplacementMap in="SourceGraphic" scale="2.2"/></filter></defs>'
)


@dataclass(frozen=True)
class Tile:
    """One thing to do today: its place in the day is `done`, `now` or `later`; `free` means any order will do."""

    name: str
    title: str
    href: str
    time: str = ""
    state: str = "later"
    free: bool = False


def hopscotch(tiles: Sequence[Tile], end: str = "", chalk: bool = True) -> SafeString:
    """Draw the day as a hopscotch: one tile per thing, two stacked when their order is free, heaven at the end.

    A second one on the same page leaves out the chalk and uses that of the first.
    """
    shown, rest = within_limit(tiles)
    parts: list[SafeString] = []
    x, number = MARGIN, 1
    middle = MARGIN + (TILE_HEIGHT + GAP) / 2
    for column in columns_of(shown):
        heights = [middle] if len(column) == 1 else [MARGIN, MARGIN + TILE_HEIGHT + GAP]
        for tile, y in zip(column, heights, strict=True):
            parts.append(tile_svg(tile, number, x, y))
            number += 1
        x += TILE_WIDTH + GAP
    if rest:
        parts.append(rest_svg(rest, x, middle))
        x += 50 + GAP
    parts.append(heaven_svg(x, middle, end))
    width, height = x + 74, TILE_HEIGHT * 2 + GAP + MARGIN * 2
    template = '<svg width="{}" height="{}" viewBox="0 0 {} {}">{}{}</svg>'
    return format_html(template, width, height, width, height, CHALK if chalk else "", joined(parts))


def within_limit(tiles: Sequence[Tile]) -> tuple[list[Tile], int]:
    """Keep ten tiles at most: what was done first goes first, what comes last becomes a number."""
    shown = list(tiles)
    while len(shown) > MOST_TILES and shown[0].state == "done" and shown[1].state == "done":
        del shown[0]
    rest = max(0, len(shown) - MOST_TILES)
    return shown[: len(shown) - rest], rest


def columns_of(tiles: Sequence[Tile]) -> list[list[Tile]]:
    """Stack two neighbours whose order is free; everything else stands alone."""
    columns: list[list[Tile]] = []
    for tile in tiles:
        if columns and tile.free and len(columns[-1]) == 1 and columns[-1][0].free:
            columns[-1].append(tile)
        else:
            columns.append([tile])
    return columns


def tile_svg(tile: Tile, number: int, x: float, y: float) -> SafeString:
    """Draw one tile of the day as a link."""
    states = {"done": _("done"), "now": _("now"), "later": _("later")}
    mark: SafeString | str = ""
    if tile.state == "done":
        mark = format_html('<path class="stroke" d="M{} {}l5 5 9-11"/>', x + 63, y + 33)
    stone: SafeString | str = ""
    if tile.state == "now":
        stone = format_html('<circle class="stone" cx="{}" cy="{}" r="7.5"/>', x + TILE_WIDTH - 15, y + 15)
    clock: SafeString | str = ""
    if tile.time and tile.state != "now":
        template = '<text class="time" x="{}" y="{}" text-anchor="end">{}</text>'
        clock = format_html(template, x + TILE_WIDTH - 9, y + 19, tile.time)
    return format_html(
        '<a href="{}" class="{}"><title>{} {} {}, {}</title><g filter="url(#chalk)">'
        '<rect class="stroke" x="{}" y="{}" width="{}" height="{}" rx="5"/>{}</g>{}<g aria-hidden="true">'
        '<text x="{}" y="{}">{}</text>{}<text class="time" x="{}" y="{}">{}</text></g></a>',
        tile.href,
        tile.state,
        *(number, tile.time, tile.title, states[tile.state]),
        *(x, y, TILE_WIDTH, TILE_HEIGHT, mark, stone),
        *(x + 10, y + 20, number, clock),
        *(x + 10, y + 37, shorten(tile.name, 8 if tile.state == "done" else 12)),
    )


def rest_svg(rest: int, x: float, y: float) -> SafeString:
    """Draw the tile that says how many more there are."""
    template = (
        '<g class="later"><g filter="url(#chalk)"><rect class="stroke" x="{}" y="{}" width="50" height="{}" rx="5"/>'
        '</g><text x="{}" y="{}" text-anchor="middle">+{}</text></g>'
    )
    return format_html(template, x, y, TILE_HEIGHT, x + 25, y + 29, rest)


def heaven_svg(x: float, y: float, end: str) -> SafeString:
    """Draw the rounded end of the game, where the day is over."""
    arc = TILE_HEIGHT / 2
    return format_html(
        '<g aria-hidden="true"><path class="stroke" filter="url(#chalk)" d="M{} {}h46a{} {} 0 0 1 0 {}h-46z"/>'
        '<text class="end" x="{}" y="{}">{}</text><text class="time" x="{}" y="{}">{}</text></g>',
        *(x, y, arc, arc, TILE_HEIGHT),
        *(x + 8, y + 20, _("heaven"), x + 8, y + 37, end),
    )


def shorten(text: str, length: int) -> str:
    """Cut a name so that it fits its tile."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def steps(total: int, done: int, label: str = "", pairs: Sequence[int] = (3,)) -> SafeString:
    """Draw progress as a small hopscotch; the tile after the last one done is now."""
    parts: list[SafeString] = []
    x, number, side = 1.0, 1, 9
    while number <= total:
        pair = number in pairs and number < total
        for y in [1, 12] if pair else [6.5]:
            state = "done" if number <= done else "now" if number == done + 1 else "open"
            template = '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
            parts.append(format_html(template, state, x, y, side, side))
            number += 1
        x += side + 2.5
    words = label or _("Step %(done)s of %(total)s done") % {"done": done, "total": total}
    template = '<svg class="steps" width="{}" height="22" viewBox="0 0 {} 22" role="img" aria-label="{}">{}</svg>'
    return format_html(template, x, x, words, joined(parts))


def spark(values: Sequence[float], label: str, width: int = 132, height: int = 38) -> SafeString:
    """Draw one bar per week, with a coloured stub where nothing happened."""
    most = max([*values, 1])
    slot = width / max(len(values), 1)
    bars = []
    for place, value in enumerate(values):
        tall = max(2.0, value / most * (height - 6))
        bars.append(("" if value else "none", f"{place * slot + 1:.1f}", f"{height - 2 - tall:.1f}", f"{tall:.1f}"))
    rects = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" height="{}" width="{}" rx="1.5"/>',
        ((*bar, f"{max(slot - 2, 1):.1f}") for bar in bars),
    )
    template = '<svg class="spark" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(template, width, height, width, height, label, rects)


@lru_cache(maxsize=200)
def layer(level: int, label: str) -> SafeString:
    """Draw the value pyramid with one of its four rows filled, 1 being the top."""
    rows = [(9, 4), (6.5, 9), (4, 14), (1.5, 19)]
    rects = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="3.8" rx="1"/>',
        (("on" if place + 1 == level else "", x, 1 + place * 5, width) for place, (x, width) in enumerate(rows)),
    )
    template = '<svg class="layers" width="22" height="22" viewBox="0 0 22 22" role="img" aria-label="{}">{}</svg>'
    return format_html(template, label, rects)


def strength(level: int) -> SafeString:
    """Draw how strong a relationship is, from 0 to 4 bars."""
    return strength_in(get_language() or "", level)


@cache
def strength_in(language: str, level: int) -> SafeString:
    """Draw the bars once per language; the label was translated by whoever asked first in it."""
    del language
    bars = joined(BAR_ON if place < level else BAR_OFF for place in range(4))
    label = _("Strength %(level)s of 4") % {"level": level}
    return format_html('<span class="strength" role="img" aria-label="{}">{}</span>', label, bars)


def progress(done: int, total: int, label: str = "") -> SafeString:
    """Draw how far a long job is; without a known total the bar stays empty."""
    percent = min(100, round(100 * done / total)) if total else 0
    words = label or ngettext("%(percent)s percent done", "%(percent)s percent done", percent) % {"percent": percent}
    return format_html(
        '<svg class="progress" viewBox="0 0 100 10" preserveAspectRatio="none" role="progressbar" aria-label="{}"'
        ' aria-valuemin="0" aria-valuemax="100" aria-valuenow="{}"><rect class="track" width="100" height="10"/>'
        '<rect class="value" width="{}" height="10"/></svg>',
        words,
        percent,
        percent,
    )
