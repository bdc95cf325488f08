# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small portraits: people are round, organizations are tiles, and everyone keeps the same chalk colour."""

from functools import lru_cache
from zlib import crc32

from django.utils.html import format_html
from django.utils.safestring import SafeString

from plein.web.html import joined

TONES = ("yellow", "rose", "blue", "mint", "orange", "lilac")
SIZES = {"xs": 20, "s": 24, "": 32, "l": 44, "xl": 60}
ARTICLES = {"de", "het", "een", "'t", "the", "a", "an", "le", "la", "der", "die", "das"}


def tone_of(key: object) -> str:
    """Choose one of six chalk families, the same one every time for the same id."""
    return TONES[crc32(str(key).encode()) % len(TONES)]


def initials_of(name: str, kind: str = "person") -> str:
    """Take two letters that stand for a name, or a question mark when there is none."""
    words = [word for word in name[:200].replace("-", " ").split() if word[0].isalnum()]
    if kind == "organization":
        words = [word for word in words if word.lower() not in ARTICLES] or words
        words = words[:2]
    elif len(words) > 2:
        words = [words[0], words[-1]]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[1][0]).upper()


@lru_cache(maxsize=20_000)
def avatar_html(name: str, kind: str, key: str, size: str, photo_url: str) -> SafeString:
    """Draw one portrait; the name itself stands beside it, so screen readers skip the picture."""
    shape = " org" if kind == "organization" else ""
    classes = f"avatar{shape} {size}".rstrip()
    if photo_url:
        pixels = SIZES.get(size, 32)
        return format_html(
            '<img class="{}" src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">',
            classes,
            photo_url,
            pixels,
            pixels,
        )
    initials = initials_of(name, kind)
    tone = "grey" if initials == "?" else tone_of(key or name)
    return format_html('<span class="{} c-{}" aria-hidden="true">{}</span>', classes, tone, initials)


def stack_html(portraits: list[SafeString], more: int = 0) -> SafeString:
    """Lay portraits half over each other, with the number of those left out."""
    rest = format_html('<span class="avatar s c-grey" aria-hidden="true">+{}</span>', more) if more else ""
    return format_html('<span class="avatars">{}{}</span>', joined(portraits), rest)
