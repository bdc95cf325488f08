# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTML from outside, cleaned each time it is shown: only what tells a text apart, nothing that acts or calls home."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import nh3

#: More than this is not read: a page of this length is no letter.
LONGEST = 1_000_000

_KEPT = (
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure"
    " h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td"
    " tfoot th thead tr tt u ul"
)
#: Elements whose content goes along with them.
_DROPPED = (
    "script style title svg math template noscript iframe object embed applet form textarea select option button"
    " noembed noframes xmp plaintext"
)
_TAGS, _WITH_CONTENT = frozenset(_KEPT.split()), frozenset(_DROPPED.split())
_CELL = {"colspan", "rowspan", "align", "valign"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": _CELL,
    "th": _CELL,
    "ol": {"start"},
    "table": {"border", "cellpadding", "cellspacing"},
}
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "data", "cid"})
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")
#: Deeper than this no letter goes; reading deeper ones takes time that grows with the square of the depth.
DEEPEST = 1000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that have no inside, or that the next one of their kind closes.
_SHALLOW = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "p"}
)
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that may be shown in a frame, and how many pictures from elsewhere were left out."""

    html: str
    blocked: int

    def __html__(self) -> str:
        """Say to whoever puts this in a page that it is safe as it is: what is here was cleaned."""
        return self.html


def is_bottomless(html: str) -> bool:
    """Whether elements lie inside each other so deep that the page was made to keep its reader busy."""
    inside: dict[str, int] = {}
    depth = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _SHALLOW:
            continue
        if not found[1]:
            inside[name] = inside.get(name, 0) + 1
            depth += 1
        elif inside.get(name):
            inside[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


def clean_html(html: str, inline: Mapping[str, str] | None = None) -> CleanHtml:
    """Keep the text and its shape; drop scripts, styles, forms, drawings, every event and every htmx attribute.

    `inline` maps the content ids of pictures that came along to data URLs; any other picture is left out and counted.
    Of a page without bottom nothing is shown.
    """
    pictures = inline or {}
    blocked = 0
    html = html[:LONGEST].replace("\x00", "")
    if is_bottomless(html):
        return CleanHtml("", 0)

    def keep(tag: str, name: str, value: str) -> str | None:
        nonlocal blocked
        if tag == "img" and name == "src":
            if value.lower().startswith("cid:") and value[4:] in pictures:
                return pictures[value[4:]]
            if _PICTURE.match(value):
                return value
            blocked += 1
            return None
        if name == "href":
            return value if _LINK.match(value.strip()) else None
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        link_rel="noopener noreferrer nofollow",
        generic_attribute_prefixes=set(),
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=_SCHEMES,
    )
    return CleanHtml(cleaned, blocked)
