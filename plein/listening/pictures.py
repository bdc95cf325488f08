# SPDX-License-Identifier: AGPL-3.0-or-later
"""Volume and mood over time as a picture; the table beside it says the same."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plein.listening.queries import Week

WIDTH, HEIGHT, ROOM = 520, 120, 6
#: From the ground up.
STACK = ("negative", "neutral", "unread", "positive")


def weeks_picture(weeks: Sequence[Week]) -> SafeString:
    """One bar a week, in it the moods upon each other; a stub where nothing was heard."""
    most = max([*(week.count for week in weeks), 1])
    slot = WIDTH / max(len(weeks), 1)
    bars: list[tuple[str, str, str, str, str]] = []
    for place, week in enumerate(weeks):
        ground, left, wide = HEIGHT - 2.0, f"{place * slot + 1:.1f}", f"{slot - 2:.1f}"
        if not week.count:
            bars.append(("none", left, f"{ground - 2:.1f}", wide, "2.0"))
        for mood in STACK:
            if count := week.moods.get(mood, 0):
                tall = count / most * (HEIGHT - ROOM)
                ground -= tall
                bars.append((f"mood-{mood}", left, f"{ground:.1f}", wide, f"{tall:.1f}"))
    rects = format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1"/>', bars)
    words = _("How much was heard each week, and in which mood")
    template = '<svg class="moods" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(template, WIDTH, HEIGHT, words, rects)
