# SPDX-License-Identifier: AGPL-3.0-or-later
"""The drawn symbols beside words: name to path, written by tools/vendor.py from Tabler's outlines."""

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString

ICONS: dict[str, str] = json.loads((Path(__file__).parent / "icons.json").read_text(encoding="utf-8"))
SIZES = {"", "tiny", "small", "large"}


@cache
def icon_svg(name: str, size: str = "") -> SafeString:
    """Draw one icon; it is decoration, so the words beside it must say the same."""
    if size not in SIZES:
        raise ValueError(f"No icon size called {size!r}")
    classes = f"icon {size}".strip()
    template = '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
    return format_html(template, classes, ICONS[name])
