# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the rows and cells of a list look. Written without templates: a list page has hundreds of cells."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plein.lists.fields import Chosen, ListField, Money, Ref, Value
from plein.lists.operators import FieldType
from plein.lists.query import ListRow, View
from plein.web.avatars import avatar_html
from plein.web.html import joined
from plein.web.human_dates import clock, time_html
from plein.web.icons import icon_svg
from plein.web.kinds import look_of
from plein.web.markup import label_html

NOTHING = SafeString("")
PEEK = SafeString('data-peek data-command="peek"')
PORTRAYED = ("person", "organization")
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def cell_html(field: ListField, value: Value) -> SafeString:
    """A value as it stands in a cell, without what changes it."""
    if value is None or value == "" or value == ():
        return NOTHING
    if isinstance(value, tuple):
        return _several(value)
    if isinstance(value, Ref):
        return _seat(value) if field.type == FieldType.SEAT else ref_html(value)
    if isinstance(value, bool):
        return format_html('{}<span class="sr">{}</span>', icon_svg("check", "small"), _("yes")) if value else NOTHING
    if isinstance(value, date):
        return SafeString(time_html(value, field.style or "short"))
    return format_html("{}", _plain(field, value))


def _plain(field: ListField, value: Any) -> SafeString | str:
    if isinstance(value, Money):
        amount = number_format(
            value.amount, decimal_pos=2 if value.amount % 1 else 0, use_l10n=True, force_grouping=True
        )
        return f"{SIGNS.get(value.currency, value.currency)} {amount}"
    if isinstance(value, Decimal | int | float):
        return number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, time):
        return clock(datetime.combine(date.min, value))
    if isinstance(value, Chosen):
        return value.words[:1].upper() + value.words[1:]
    text = str(value)
    if field.type == FieldType.LINK and text.startswith(("https://", "http://")):
        words = text.removeprefix("https://").removeprefix("http://").rstrip("/")
        return format_html(
            '<a class="link-quiet" href="{}" rel="noopener noreferrer" target="_blank">{}</a>', text, words
        )
    return text


def _several(values: Iterable[Any]) -> SafeString:
    parts = []
    for one in values:
        if isinstance(one, Ref) and one.kind not in PORTRAYED:
            parts.append(label_html(one.name, one.kind or "grey"))
        elif isinstance(one, Ref):
            parts.append(ref_html(one))
        else:
            parts.append(label_html(str(one)))
    return format_html('<span class="several">{}</span>', joined(parts))


def _seat(ref: Ref) -> SafeString:
    portrait = avatar_html(ref.name, "person", str(ref.id), "xs", "")
    return format_html('<span class="row" title="{}">{}<span class="sr">{}</span></span>', ref.name, portrait, ref.name)


def ref_html(ref: Ref) -> SafeString:
    """Something with a name, as a link when it leads somewhere."""
    portrait = avatar_html(ref.name, ref.kind, str(ref.id), "xs", ref.photo) if ref.kind in PORTRAYED else NOTHING
    if not ref.href:
        return format_html("{}{}", portrait, ref.name)
    return format_html('<a class="link-quiet" href="{}">{}{}</a>', ref.href, portrait, ref.name)


def named_html(ref: Ref) -> SafeString:
    """What a row is called: the link that opens it."""
    if ref.kind in PORTRAYED:
        picture = avatar_html(ref.name, ref.kind, str(ref.id), "s", ref.photo)
    elif ref.kind.startswith("moment-"):
        look = look_of(ref.kind.removeprefix("moment-"))
        picture = format_html('<span class="moment-icon s c-{}">{}</span>', look.tone, icon_svg(look.icon))
    else:
        picture = NOTHING
    note = format_html(" {}", label_html(ref.note, "mint")) if ref.note else NOTHING
    return format_html('<a href="{}">{}<span class="strong">{}</span></a>{}', ref.href, picture, ref.name, note)


def changeable_html(field: ListField, value: Value, *, can_write: bool) -> SafeString:
    """A cell with what changes it: a tick for yes and no, else a button that becomes the control."""
    inside = cell_html(field, value)
    if field.edit is None or not can_write:
        return inside
    if field.type == FieldType.YES_NO:
        shown = SafeString(" checked") if value else NOTHING
        named = SafeString(' data-command="done"') if field.key == "done" else NOTHING
        template = '<input class="tick" type="checkbox" data-tick="{}" aria-label="{}"{}{}>'
        return format_html(template, field.key, field.label, named, shown)
    empty = inside or format_html('<span class="sr">{}</span>', _("empty"))
    return format_html('<button type="button" class="cell" data-edit="{}"><span>{}</span></button>', field.key, empty)


def row_html(view: View, row: ListRow, *, can_write: bool, can_pick: bool, titles: dict[str, str]) -> SafeString:
    """One line of a list, with the heading above it if a group begins."""
    record, name = row.record, row.cells[0]
    shown = name if isinstance(name, Ref) else Ref(record.id, str(name or ""))
    parts = []
    if row.heading is not None:
        width = len(view.columns) + (1 if can_pick else 0)
        template = '<tr class="group"><th class="keep" scope="colgroup" colspan="{}">{}</th></tr>'
        parts.append(format_html(template, width, row.heading))
    parts.append(format_html('<tr tabindex="0" data-id="{}">', record.id))
    if can_pick:
        words = titles["select"] % {"name": shown.name}
        template = (
            '<td class="pick"><input class="tick" type="checkbox" name="ids" value="{}" form="plain-bulk"'
            ' aria-label="{}"></td>'
        )
        parts.append(format_html(template, record.id, words))
    parts.append(_name_cell(view, shown, titles, can_write=can_write))
    for field, value in zip(view.columns[1:], row.cells[1:], strict=True):
        inside = changeable_html(field, value, can_write=can_write)
        parts.append(format_html('<td class="{}">{}</td>', field.classes, inside))
    parts.append(SafeString("</tr>"))
    return joined(parts)


def _name_cell(view: View, shown: Ref, titles: dict[str, str], *, can_write: bool) -> SafeString:
    edit: SafeString | str = NOTHING
    button = '<button type="button" class="on-hover" {} aria-label="{}" title="{}">{}</button>'
    if can_write and view.columns[0].edit is not None:
        words = titles["rename"] % {"name": shown.name}
        marks = format_html('data-edit="{}"', view.columns[0].key)
        edit = format_html(button, marks, words, words, icon_svg("pencil", "tiny"))
    words = titles["peek"] % {"name": shown.name}
    peek = format_html(button, PEEK, words, titles["peek_key"], icon_svg("eye", "tiny"))
    template = '<th scope="row" class="name-cell"><div class="named">{}{}{}</div></th>'
    return format_html(template, named_html(shown), edit, peek)


def rows_html(view: View, rows: Iterable[ListRow], *, can_write: bool, can_pick: bool) -> SafeString:
    """The lines of a list."""
    titles = {
        "select": _("Select %(name)s"),
        "rename": _("Change what %(name)s is called"),
        "peek": _("Look at %(name)s beside the list"),
        "peek_key": _("Look at it beside the list (Space)"),
    }
    return joined(row_html(view, row, can_write=can_write, can_pick=can_pick, titles=titles) for row in rows)
