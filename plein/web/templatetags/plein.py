# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything templates say in Plein's own words: `{% load plein %}`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plein.web import avatars, charts, human_dates, list_cells, markup
from plein.web.html import joined
from plein.web.icons import icon_svg
from plein.web.kinds import look_of

register = template.Library()

register.filter("when", human_dates.when)
register.filter("day_head", human_dates.day_head)
register.filter("clock", human_dates.clock)
register.filter("due", human_dates.due)
register.filter("from_now", human_dates.from_now)
register.filter("full_time", human_dates.full_time)
register.filter("short_date", human_dates.short_date)
register.filter("initials", avatars.initials_of)
register.filter("tone", avatars.tone_of)

register.simple_tag(icon_svg, name="icon")
register.simple_tag(charts.hopscotch, name="hopscotch")
register.simple_tag(charts.steps, name="steps")
register.simple_tag(charts.spark, name="spark")
register.simple_tag(charts.layer, name="layer")
register.simple_tag(charts.progress, name="progress")
register.simple_tag(markup.button_html, name="button")
register.simple_tag(markup.icon_button_html, name="icon_button")
register.simple_tag(markup.label_html, name="label")
register.simple_tag(markup.chip_html, name="chip")


@register.simple_tag
def logo() -> SafeString:
    return charts.LOGO


@register.simple_tag
def quiet_square() -> SafeString:
    return charts.QUIET_SQUARE


@register.simple_tag
def strength(level: int | None) -> SafeString:
    return charts.strength(level or 0)


@register.simple_tag
def avatar(name: str, kind: str = "person", id: object = "", size: str = "", photo_url: str | None = "") -> SafeString:
    return avatars.avatar_html(str(name or ""), str(kind), str(id), size, photo_url or "")


@register.simple_tag
def avatar_stack(people: Iterable[Any], size: str = "s", most: int = 3) -> SafeString:
    """Stack the portraits of relations that have a name, a kind and an id."""
    everyone = list(people)
    portraits = [
        avatars.avatar_html(
            str(getattr(one, "name", one)), str(getattr(one, "kind", "person")), str(getattr(one, "id", one)), size, ""
        )
        for one in everyone[:most]
    ]
    return avatars.stack_html(portraits, max(0, len(everyone) - most))


@register.simple_tag
def time(moment: datetime | date | None, style: str = "when") -> SafeString | str:
    return human_dates.time_html(moment, style)


@register.simple_tag
def moment_icon(kind: str, tone: str = "") -> SafeString:
    """Draw the round sign of a contact moment's kind."""
    look = look_of(kind)
    template_text = '<span class="moment-icon c-{}">{}</span>'
    return format_html(template_text, tone or look.tone, icon_svg(look.icon))


@register.simple_tag
def kind_icon(kind: str, size: str = "small") -> SafeString:
    return icon_svg(look_of(kind).icon, size)


@register.simple_tag
def field(bound: BoundField, **extra: Any) -> SafeString:
    return markup.field_html(bound, **extra)


@register.simple_tag
def cell_control(bound: BoundField) -> SafeString:
    """Draw only the control of a field, ready to type in, for editing in place."""
    attrs: dict[str, str | bool] = {"class": "input", "autofocus": True, "rows": "3"}
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def option(
    text: str, href: str = "", icon: str = "", portrait: str = "", meta: str = "", keys: str = "", **extra: Any
) -> SafeString:
    """Write one line of the palette."""
    picture = portrait or (icon_svg(icon) if icon else "")
    hints = joined(format_html("<kbd>{}</kbd>", key) for key in keys.upper().split())
    right: SafeString | str = format_html('<span class="meta">{}{}</span>', meta, hints) if meta or keys else ""
    attrs = markup.attributes({"data_href": href or None} | extra)
    template_text = '<li role="option" aria-selected="false"{}>{}<span class="cut">{}</span>{}</li>'
    return format_html(template_text, attrs, picture, text, right)


@register.simple_tag(takes_context=True)
def sort_head(context: Context, label: str, key: str, current: str = "", classes: str = "") -> SafeString:
    """Write the head of a column that sorts; `current` is the sort in use, with a minus for falling."""
    falling, rising = current == f"-{key}", current == key
    params = context["request"].GET.copy()
    params["sort"] = f"-{key}" if rising else key
    params.pop("cursor", None)
    state: SafeString | str = ""
    arrow: SafeString | str = ""
    if falling or rising:
        state = format_html(' aria-sort="{}"', "descending" if falling else "ascending")
        arrow = icon_svg("chevron-down" if falling else "chevron-up")
    shape = format_html(' class="{}"', classes) if classes else ""
    template_text = '<th scope="col"{}{}><a href="?{}">{}{}</a></th>'
    return format_html(template_text, shape, state, params.urlencode(), label, arrow)


@register.simple_block_tag
def banner(content: str, icon: str = "info-circle", tone: str = "", role: str = "", action: str = "") -> SafeString:
    """Lay a coloured strip with an icon around a sentence; `action` is a button made before."""
    spoken = format_html(' role="{}"', role) if role else ""
    classes = f"banner {tone}".strip()
    template_text = '<div class="{}"{}>{}<div class="grow">{}</div>{}</div>'
    return format_html(template_text, classes, spoken, icon_svg(icon), content, action)


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "", tone: str = "blue", level: int = 2) -> SafeString:
    """Say that there is nothing here yet and what to do first."""
    picture: SafeString | str = charts.QUIET_SQUARE if icon == "square" else ""
    if icon and not picture:
        picture = format_html('<span class="avatar l org c-{}">{}</span>', tone, icon_svg(icon))
    heading = format_html("<h{}>{}</h{}>", level, title, level)
    return format_html('<div class="empty">{}{}{}</div>', picture, heading, content)


@register.simple_block_tag
def fact(content: str, label: str, note: str = "", ask: str = "") -> SafeString:
    """Show one fact of a record; without a value it says so, and may say where to ask."""
    value: SafeString | str = content
    if not content.strip():
        value = format_html('<span class="unknown">{}</span>', _("Not known yet"))
    below = note or ask
    extra: SafeString | str = format_html("<dd>{}</dd>", below) if below else ""
    return format_html('<div class="fact"><dt>{}</dt><dd>{}</dd>{}</div>', label, value, extra)


@register.simple_block_tag
def property(content: str, label: str, edit_url: str = "", note: str = "") -> SafeString:
    """Show one detail; with an address a click on it turns it into its field."""
    remark: SafeString | str = format_html(' <span class="meta">{}</span>', note) if note else ""
    unknown = format_html('<span class="meta">{}</span>', _("Not known yet"))
    value = content if content.strip() else unknown
    if not edit_url:
        return format_html('<dt>{}</dt><dd><span class="value">{}{}</span></dd>', label, value, remark)
    words = _("Change %(name)s") % {"name": label}
    template_text = (
        '<dt>{}</dt><dd><button type="button" hx-get="{}" hx-target="closest dd" hx-swap="innerHTML">'
        '<span>{}{}</span>{}<span class="sr">{}</span></button></dd>'
    )
    return format_html(template_text, label, edit_url, value, remark, icon_svg("pencil"), words)


@register.simple_block_tag
def moment(
    content: str,
    kind: str,
    title: str,
    who: str = "",
    at: datetime | date | None = None,
    href: str = "",
    state: str = "",
    style: str = "clock",
    mark: str = "",
    id: str = "",
) -> SafeString:
    """Put one contact moment on the timeline; `state` is planned, private or gone."""
    classes = f"moment {state}".strip()
    anchor: SafeString | str = format_html(' id="{}"', id) if id else ""
    head = format_html('<b class="strong">{}</b>', title)
    if href:
        head = format_html('<a class="strong" href="{}">{}</a>', href, title)
    people: SafeString | str = format_html('<span class="soft">{}</span>', who) if who else ""
    template_text = (
        '<article class="{}"{} tabindex="0">{}<div class="grow"><div class="moment-head">{}{}{}{}</div>'
        "{}</div></article>"
    )
    clock = human_dates.time_html(at, style)
    return format_html(template_text, classes, anchor, moment_icon(kind), head, people, mark, clock, content)


@register.simple_block_tag
def fold(content: str, summary: str, open: bool = False) -> SafeString:
    """Fold away what few people want to read, such as quoted mail."""
    shown = markup.written(" open") if open else ""
    template_text = '<details class="fold"{}><summary>{}{}</summary>{}</details>'
    return format_html(template_text, shown, icon_svg("chevron-right"), summary, content)


@register.simple_tag(takes_context=True)
def list_rows(context: Context, view: Any, rows: Sequence[Any]) -> SafeString:
    """Write the lines of a list."""
    can_write = bool(context.get("can_write"))
    can_pick = can_write and bool(context.get("has_acts"))
    return list_cells.rows_html(view, rows, can_write=can_write, can_pick=can_pick)


@register.simple_tag(takes_context=True)
def list_cell(context: Context, list_field: Any, value: Any, changeable: bool = True) -> SafeString:
    """Write one cell of a list, with what changes it."""
    can_write = changeable and bool(context.get("can_write"))
    return list_cells.changeable_html(list_field, value, can_write=can_write)


@register.simple_tag
def attachment(name: str, href: str, size: int | None = None, kind: str = "", preview_url: str = "") -> SafeString:
    """Show one file that came along; with a preview address a click opens it in a dialog."""
    picture = icon_svg(attachment_icon(kind, name))
    weight: SafeString | str = format_html('<span class="meta">{}</span>', filesizeformat(size)) if size else ""
    extra: dict[str, Any] = {}
    if preview_url:
        extra = {"hx_get": preview_url, "hx_target": "#preview-body", "data_open": "preview"}
    attrs = markup.attributes(extra)
    template_text = '<a class="attachment" href="{}"{}>{}<span class="cut">{}</span>{}</a>'
    return format_html(template_text, href, attrs, picture, name, weight)


def attachment_icon(kind: str, name: str) -> str:
    """Choose a sign for a file by its type."""
    if kind.startswith("image/"):
        return "photo"
    if "zip" in kind or name.lower().endswith((".zip", ".gz", ".xz", ".tar")):
        return "file-zip"
    return "file-text" if kind.startswith("text/") or kind == "application/pdf" else "file"


@register.simple_block_tag
def dialog(content: str, id: str, title: str, classes: str = "") -> SafeString:
    """Wrap content in a dialog that any `data-open="id"` button opens."""
    close = markup.icon_button_html(_("Close"), "x", data_close=True)
    shape = format_html(' class="{}"', classes) if classes else ""
    template_text = (
        '<dialog id="{}"{} aria-labelledby="{}-title"><div class="dialog-head"><h2 id="{}-title">{}</h2>{}</div>{}'
        "</dialog>"
    )
    return format_html(template_text, id, shape, id, id, title, close, content)


@register.simple_block_tag
def menu(content: str, id: str, label: str, icon: str = "dots", look: str = "") -> SafeString:
    """Put links and buttons behind one icon."""
    opener = markup.icon_button_html(label, icon, look, popovertarget=id, aria_haspopup="true")
    return format_html('{}<div class="menu" popover id="{}">{}</div>', opener, id, content)


@register.simple_tag
def tabs(label: str, items: Sequence[tuple[str, str, bool]]) -> SafeString:
    """Write a row of tabs that are links: (words, address, current)."""
    links = [
        format_html('<a href="{}"{}>{}</a>', href, markup.written(' aria-current="page"') if current else "", words)
        for words, href, current in items
    ]
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, joined(links))
