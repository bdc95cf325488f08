# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a column can hold, and what can become of an entry, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.imports.mapping import Column

TARGETS: dict[str, str | Promise] = {
    "name": gettext_lazy("Whole name"),
    "given": gettext_lazy("First name"),
    "middle": gettext_lazy("Second name"),
    "infix": gettext_lazy("Prefix of the surname"),
    "family": gettext_lazy("Surname"),
    "organization": gettext_lazy("Organization"),
    "department": gettext_lazy("Department"),
    "role": gettext_lazy("Role"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "mobile": gettext_lazy("Mobile phone"),
    "fax": gettext_lazy("Fax"),
    "street": gettext_lazy("Street"),
    "number": gettext_lazy("House number"),
    "postal_code": gettext_lazy("Postal code"),
    "place": gettext_lazy("Place"),
    "region": gettext_lazy("Region"),
    "country": gettext_lazy("Country"),
    "url": gettext_lazy("Website"),
    "linkedin": gettext_lazy("Name on LinkedIn"),
    "x": gettext_lazy("Name on X"),
    "bluesky": gettext_lazy("Name on Bluesky"),
    "mastodon": gettext_lazy("Name on Mastodon"),
    "birthday": gettext_lazy("Birthday"),
    "tags": gettext_lazy("Tags"),
    "note": gettext_lazy("Note"),
    "language": gettext_lazy("Language"),
}
#: Where a way to reach somebody may be said to be of home or of work.
LABELLED = ("email", "phone", "mobile", "fax", "street", "number", "postal_code", "place", "region", "country")
LABELS: dict[str, str | Promise] = {
    "work": gettext_lazy("work"),
    "home": gettext_lazy("home"),
    "other": gettext_lazy("other"),
}
#: Details that change besides those a column holds.
DETAILS: dict[str, str | Promise] = {
    "postal": gettext_lazy("Address"),
    "handle": gettext_lazy("Name on a network"),
    "anniversary": gettext_lazy("Anniversary"),
    "tag": gettext_lazy("Tag"),
    "values": gettext_lazy("Own fields"),
    "about": gettext_lazy("Note"),
    "photo": gettext_lazy("Photo"),
}
#: What became of entries: the word, the colour and the sign of its label.
OUTCOMES: dict[str, tuple[str | Promise, str, str]] = {
    "new": (gettext_lazy("New"), "mint", "plus"),
    "changed": (gettext_lazy("Changed"), "blue", "pencil"),
    "same": (gettext_lazy("The same"), "grey", "check"),
    "doubtful": (gettext_lazy("Doubtful"), "yellow", "help-circle"),
    "skipped": (gettext_lazy("Left out"), "grey", "x"),
    "refused": (gettext_lazy("Unreadable"), "rose", "alert-triangle"),
}


def column_words(column: Column) -> str:
    """What a column holds."""
    word = str(TARGETS.get(column.target, column.target))
    if not column.label:
        return word
    return _("%(field)s (%(label)s)") % {"field": word, "label": LABELS.get(column.label, column.label)}


def detail_words(name: str) -> str:
    """What a detail that changes is called."""
    return str(DETAILS.get(name) or TARGETS.get(name) or name)
