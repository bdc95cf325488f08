# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small pieces of a page as ready HTML: buttons, chips, labels and form fields."""

from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Widget
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plein.web.html import joined
from plein.web.icons import icon_svg


def written(html: str) -> SafeString:
    """Markup that stands in our own source, letter by letter; nothing that came from outside goes through here."""
    return mark_safe(html)  # noqa: S308 — the one place, and only for our own letters


def attributes(pairs: dict[str, Any]) -> SafeString:
    """Write attributes; hx_get becomes hx-get, True stands alone, False and None are left out."""
    parts: list[SafeString] = []
    for key, value in pairs.items():
        name = key.strip("_").replace("_", "-")
        if name == "style" or name.startswith("on"):
            raise ValueError(f"The attribute {name} is not allowed under our content policy")
        if value is True:
            parts.append(format_html(" {}", name))
        elif value is not False and value is not None:
            parts.append(format_html(' {}="{}"', name, value))
    return joined(parts)


def button_html(label: str, icon: str = "", look: str = "", href: str = "", **extra: Any) -> SafeString:
    """Draw a button, or a link that looks like one when it has an address."""
    keys = extra.pop("keys", "")
    classes = f"button {look}".strip()
    picture = icon_svg(icon, "small") if icon else ""
    hint: SafeString | str = format_html(" <kbd>{}</kbd>", keys) if keys else ""
    if href:
        template = '<a class="{}" href="{}"{}>{}{}{}</a>'
        return format_html(template, classes, href, attributes(extra), picture, label, hint)
    extra.setdefault("type", "button")
    return format_html('<button class="{}"{}>{}{}{}</button>', classes, attributes(extra), picture, label, hint)


def icon_button_html(label: str, icon: str, look: str = "", href: str = "", **extra: Any) -> SafeString:
    """Draw a button that shows only an icon; its label is read aloud and shown on pointing."""
    classes = f"icon-button {look}".strip()
    picture = icon_svg(icon, "small")
    if href:
        template = '<a class="{}" href="{}" aria-label="{}" title="{}"{}>{}</a>'
        return format_html(template, classes, href, label, label, attributes(extra), picture)
    extra.setdefault("type", "button")
    template = '<button class="{}" aria-label="{}" title="{}"{}>{}</button>'
    return format_html(template, classes, label, label, attributes(extra), picture)


def label_html(text: str, tone: str = "grey", icon: str = "") -> SafeString:
    """Draw a small coloured word; the colour never says it alone."""
    return format_html('<span class="label c-{}">{}{}</span>', tone, icon_svg(icon) if icon else "", text)


def chip_html(text: str, href: str = "", current: bool = False, remove: str = "") -> SafeString:
    """Draw a filter: a link to choose it, or a set filter with an address that removes it."""
    if remove:
        words = _("Remove filter %(name)s") % {"name": text}
        cross = icon_svg("x", "tiny")
        template = '<span class="chip">{}<a class="remove" href="{}" aria-label="{}">{}</a></span>'
        return format_html(template, text, remove, words, cross)
    mark = written(' aria-current="true"') if current else ""
    return format_html('<a class="chip" href="{}"{}>{}</a>', href, mark, text)


def control_class(widget: Widget) -> str:
    """Choose the look of a control by what it is."""
    ticks = (CheckboxInput, CheckboxSelectMultiple, RadioSelect)
    return "tick" if isinstance(widget, ticks) else "input"


def field_html(field: BoundField, **extra: Any) -> SafeString:
    """Draw one form field: label, control, help and what is wrong with it."""
    widget = field.field.widget
    shape = " ".join(filter(None, [control_class(widget), widget.attrs.get("class", ""), extra.pop("look", "")]))
    attrs = {"class": shape} | {key.replace("_", "-"): value for key, value in extra.items() if key != "label"}
    label = extra.get("label", field.label)
    notes = notes_html(field)
    if isinstance(widget, CheckboxInput):
        template = '<div class="field"><label class="choice" for="{}">{}<span>{}</span></label>{}</div>'
        return format_html(template, field.id_for_label, field.as_widget(attrs=attrs), label, notes)
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        return choices_html(field, label, notes)
    if isinstance(widget, FileInput):
        attrs["class"] = "input"
    optional: SafeString | str = ""
    if not field.field.required:
        optional = format_html(' <span class="optional">{}</span>', _("optional"))
    template = '<div class="field"><label for="{}">{}{}</label>{}{}</div>'
    return format_html(template, field.id_for_label, label, optional, field.as_widget(attrs=attrs), notes)


def choices_html(field: BoundField, label: str, notes: SafeString) -> SafeString:
    """Draw a question with its answers under each other."""
    described = attributes({"aria_describedby": field.aria_describedby or None})
    options = format_html_join(
        "",
        '<label class="choice" for="{}">{}<span>{}</span></label>',
        (
            (choice.id_for_label, tick(choice.data, choice.id_for_label), choice.choice_label)
            for choice in field.subwidgets
        ),
    )
    template = '<fieldset class="field"{}><legend>{}</legend>{}{}</fieldset>'
    return format_html(template, described, label, options, notes)


def tick(data: dict[str, Any], control_id: str) -> SafeString:
    """Draw one answer's box or circle."""
    kind = "radio" if data.get("type") == "radio" else "checkbox"
    checked = bool(data.get("selected"))
    pairs = {"type": kind, "name": data["name"], "value": data["value"], "id": control_id, "checked": checked}
    return format_html('<input class="tick"{}>', attributes(pairs))


def notes_html(field: BoundField) -> SafeString:
    """Write a field's help and its errors, with the ids the control points at."""
    parts: list[SafeString] = []
    if field.help_text:
        parts.append(format_html('<p class="help" id="{}_helptext">{}</p>', field.auto_id, field.help_text))
    if field.errors:
        words = " ".join(str(error) for error in field.errors)
        parts.append(format_html('<p class="error" id="{}_error">{}</p>', field.auto_id, words))
    return joined(parts)
