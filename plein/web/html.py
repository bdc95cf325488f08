# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting pieces of ready HTML together without ever trusting a plain string."""

from collections.abc import Iterable

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def joined(parts: Iterable[SafeString | str]) -> SafeString:
    """Lay pieces next to each other; a piece that is not HTML yet is escaped."""
    return format_html_join("", "{}", ((part,) for part in parts))
