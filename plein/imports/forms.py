# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in which one says how an address book comes in, and the answers to who somebody in it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.channels.connectors.contacts.tables import DELIMITERS, Dialect
from plein.imports.actions import Wishes
from plein.imports.entries import Book
from plein.imports.mapping import OWN, Column
from plein.imports.models import ContactImport, Jobs, MatchKey, Mode
from plein.imports.wording import LABELLED, LABELS, TARGETS, column_words
from plein.metadata.queries import Catalog
from plein.metadata.vocabulary import FieldType
from plein.relations.names import tidy
from plein.trust.audience import AudienceField, offer_audiences

ENCODINGS = (
    ("utf-8-sig", gettext_lazy("UTF-8, as most programs write now")),
    ("cp1252", gettext_lazy("Windows, Western Europe")),
    ("iso-8859-15", gettext_lazy("ISO 8859-15, Western Europe")),
    ("cp1250", gettext_lazy("Windows, Central Europe")),
    ("mac-roman", gettext_lazy("Macintosh")),
    ("utf-16", gettext_lazy("UTF-16")),
    ("utf-16-le", gettext_lazy("UTF-16, little endian")),
    ("utf-16-be", gettext_lazy("UTF-16, big endian")),
)
SIGNS = {
    ",": gettext_lazy("a comma"),
    ";": gettext_lazy("a semicolon"),
    "\t": gettext_lazy("a tab"),
    "|": gettext_lazy("a bar"),
}
#: What a column becomes when a field is to be made of it: "new:text".
FRESH = "new:"
FRESH_TYPES = (FieldType.TEXT, FieldType.NUMBER, FieldType.DATE, FieldType.YES_NO, FieldType.LINK)
#: What a field holds by which somebody can be known.
KEY_TYPES = (FieldType.TEXT, FieldType.NUMBER, FieldType.LINK)
#: So many answers are read from one page.
MOST_ANSWERS = 200


class WritingForm(forms.Form):
    """How a table is written."""

    encoding = forms.ChoiceField(label=gettext_lazy("Written in"), choices=ENCODINGS)
    delimiter = forms.ChoiceField(label=gettext_lazy("Between two cells stands"))
    is_headed = forms.BooleanField(label=gettext_lazy("The first row names the columns"), required=False)

    def __init__(self, data: Any = None, *, book: Book) -> None:
        dialect = book.dialect or Dialect()
        initial = {
            "encoding": dialect.encoding,
            "delimiter": NAMED_SIGNS.get(dialect.delimiter, "comma"),
            "is_headed": book.is_headed,
        }
        super().__init__(data, initial=initial)
        self.fields["delimiter"].choices = [(NAMED_SIGNS[sign], SIGNS[sign]) for sign in DELIMITERS]  # type: ignore[attr-defined]
        if dialect.encoding not in dict(ENCODINGS):
            self.fields["encoding"].choices = [(dialect.encoding, dialect.encoding), *ENCODINGS]  # type: ignore[attr-defined]
        if dialect.is_workbook:
            del self.fields["encoding"], self.fields["delimiter"]

    def dialect(self, before: Dialect) -> Dialect:
        """The dialect that was chosen."""
        if before.is_workbook:
            return before
        signs = {name: sign for sign, name in NAMED_SIGNS.items()}
        return Dialect(self.cleaned_data["encoding"], signs[self.cleaned_data["delimiter"]])


#: Names of signs in addresses and forms, where a tab would be lost.
NAMED_SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class ChoicesForm(forms.Form):
    """What the columns hold, by what somebody is known, what may be done, who sees it, and tags for all of them."""

    match = forms.ChoiceField(
        label=gettext_lazy("Somebody is known by"),
        choices=MatchKey.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Organizations are known by their name."),
    )
    mode = forms.ChoiceField(label=gettext_lazy("What may be done"), choices=Mode.choices, widget=forms.RadioSelect)
    jobs = forms.ChoiceField(
        label=gettext_lazy("Who is known at another organization"),
        choices=Jobs.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Of people whom we know already."),
    )
    circle = AudienceField(
        label=gettext_lazy("Who may see whoever is new"),
        required=False,
        help_text=gettext_lazy("Whom we know already stays in the circle they are in."),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags for everybody in it"),
        required=False,
        max_length=1_000,
        help_text=gettext_lazy("With commas between them."),
    )

    def __init__(self, data: Any = None, *, planned: ContactImport, book: Book, known: Catalog, makes: bool) -> None:
        initial = {
            "match": planned.match,
            "mode": planned.mode,
            "jobs": planned.jobs,
            "tags": ", ".join(planned.tags),
            **{f"column-{place}": str(column) for place, column in enumerate(book.columns)},
        }
        super().__init__(data, initial=initial)
        offer_audiences(self, "circle", is_new=True)
        if planned.circle_key:
            self.initial["circle"] = planned.circle_key
        self.book = book
        own = [(OWN + one.key, one.label) for one in known.of(book.kind)]
        keys = [one for one in known.of(book.kind) if one.type in KEY_TYPES] if book.dialect is not None else []
        told = [(OWN + one.key, _("your own field “%(name)s”") % {"name": one.label}) for one in keys]
        self.fields["match"].choices = [*MatchKey.choices, *told]  # type: ignore[attr-defined]
        offered = _offered(own, makes=makes)
        for place, (heading, column) in enumerate(zip(book.head, book.columns, strict=True)):
            label = _("What “%(name)s” holds") % {"name": heading[:80]}
            choices = offered if _has(offered, str(column)) else [*offered, (str(column), column_words(column))]
            widget = forms.Select(attrs={"class": "input"})
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=label, required=False, choices=choices, widget=widget
            )

    def read(self) -> Book:
        """The book with what its columns hold; those of which a field is to be made hold nothing yet."""
        texts = (self.cleaned_data[f"column-{place}"] for place in range(len(self.book.columns)))
        columns = tuple(Column() if text.startswith(FRESH) else Column.read(text) for text in texts)
        return replace(self.book, columns=columns)

    def fresh(self) -> dict[int, str]:
        """The columns of which a field is to be made, by place, and of which type."""
        texts = ((place, self.cleaned_data[f"column-{place}"]) for place in range(len(self.book.columns)))
        return {place: text.removeprefix(FRESH) for place, text in texts if text.startswith(FRESH)}

    def wishes(self) -> Wishes:
        """What is to become of it."""
        values = self.cleaned_data
        tags = tuple(tag for one in values["tags"].split(",") if (tag := tidy(one)))
        return Wishes(values["circle"], values["match"], values["mode"], tags, values["jobs"])

    def lines(self) -> Iterator[forms.BoundField]:
        """The fields of the columns, in their order."""
        return (self[f"column-{place}"] for place in range(len(self.book.columns)))

    def clean(self) -> dict[str, Any]:
        """A table must say of whom it is."""
        values = super().clean() or {}
        chosen = {str(values.get(f"column-{place}", "")).partition(":")[0] for place in range(len(self.book.columns))}
        if self.book.columns and not self.errors and not chosen & {"name", "given", "family", "organization", "email"}:
            raise forms.ValidationError(
                _("Say which column holds the names, the organizations or the e-mail addresses.")
            )
        match = str(values.get("match", ""))
        if match.startswith(OWN) and match not in chosen:
            self.add_error("match", _("No column holds that field. Choose the column, or something else."))
        return values


type Choices = Sequence[tuple[Any, Any]]


def _offered(own: Sequence[tuple[str, str]], *, makes: bool) -> list[tuple[Any, Any]]:
    plain = [(target, words) for target, words in TARGETS.items() if target not in LABELLED]
    reached = [
        (str(Column(target, label)), column_words(Column(target, label)))
        for target in LABELLED
        for label in ("", *LABELS)
    ]
    found: list[tuple[Any, Any]] = [
        ("", _("nothing: leave it out")),
        (_("Who it is"), plain),
        (_("How to reach them"), reached),
    ]
    if own:
        found.append((_("Your own fields"), list(own)))
    if makes:
        made = [(FRESH + one.value, one.label) for one in FRESH_TYPES]
        found.append((_("Make a field of it, that holds"), made))
    return found


def _has(offered: Choices, wanted: str) -> bool:
    for value, words in offered:
        if isinstance(words, list | tuple):
            if _has(words, wanted):
                return True
        elif value == wanted:
            return True
    return False


def answers_of(data: Mapping[str, str]) -> dict[int, str]:
    """What somebody chose of entries, by number: `entry-12=new`."""
    found: dict[int, str] = {}
    for name, choice in data.items():
        word, _dash, number = name.partition("-")
        if word == "entry" and number.isdecimal() and len(number) < 10 and len(found) < MOST_ANSWERS:
            found[int(number)] = choice
    return found
