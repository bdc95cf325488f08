# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many moments a week are about a topic as a picture; the table beside it says the same."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plein.moments.queries import TopicWeek

WIDTH, HEIGHT, ROOM = 520, 100, 6


def topic_picture(weeks: Sequence[TopicWeek]) -> SafeString:
    """One bar a week; a stub where there was nothing."""
    most = max([*(week.count for week in weeks), 1])
    slot = WIDTH / max(len(weeks), 1)
    bars = []
    for place, week in enumerate(weeks):
        tall = week.count / most * (HEIGHT - ROOM) if week.count else 2.0
        name = "some" if week.count else "none"
        bars.append((name, f"{place * slot + 2:.1f}", f"{HEIGHT - 2 - tall:.1f}", f"{slot - 4:.1f}", f"{tall:.1f}"))
    rects = format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1"/>', bars)
    template = '<svg class="topic-weeks" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(template, WIDTH, HEIGHT, _("How many moments were about it each week"), rects)
