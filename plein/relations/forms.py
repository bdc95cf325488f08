# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about relations, used by every door."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.relations.actions.filing import COLOURS, LONGEST_INTEREST, LONGEST_TAG
from plein.relations.actions.relations import PHOTO_LIMIT
from plein.relations.contact import LONGEST as LONGEST_CONTACT
from plein.relations.models import Membership, Relation, Tag, Tie
from plein.relations.names import LONGEST, LONGEST_FAMILY, LONGEST_GIVEN, LONGEST_INFIX
from plein.relations.networks import NETWORKS
from plein.relations.places import country_choices, language_choices
from plein.relations.queries import owner_choices
from plein.relations.queries.ties import tie_sorts
from plein.relations.refusals import IS_BACK
from plein.relations.vocabulary import ADVICE, ContactKind, DateKind, TieOutcome
from plein.trust.audience import AudienceField, offer_audiences

NEEDED = _("A name is needed, the rest can come later.")
TOO_LONG = _("At most %(limit_value)s characters; this is %(show_value)s.")


def line(label: Any, most: int, *, required: bool = False, **more: Any) -> forms.CharField:
    """A field for one line of text that says in words when it is too long."""
    attrs = {"autocomplete": "off"} | more.pop("attrs", {})
    field = forms.CharField(
        label=label, max_length=most, required=required, widget=forms.TextInput(attrs=attrs), **more
    )
    field.error_messages["max_length"] = TOO_LONG
    return field


def day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class MayBeBack(forms.Form):
    """A form with an address in it. That somebody who was erased came back is asked only when there is reason to."""

    is_back = forms.BooleanField(
        label=_("They came to us again"), required=False, help_text=_("From then on we know them as anybody else.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked = self.fields.pop(IS_BACK)
        if self.is_bound and IS_BACK in self.data:
            self.fields[IS_BACK] = self._asked

    def ask_whether_they_are_back(self) -> None:
        """Show the question."""
        self.fields[IS_BACK] = self._asked


class NewRelationForm(MayBeBack):
    """What one fills in to add a person or an organization: the name, and what is at hand."""

    name = line(_("Name"), LONGEST, required=True, error_messages={"required": NEEDED})
    email = line(_("E-mail address"), LONGEST_CONTACT, attrs={"inputmode": "email", "autocapitalize": "off"})
    phone = line(_("Phone"), LONGEST_CONTACT, attrs={"inputmode": "tel"})
    organization = line(_("Works for"), LONGEST, attrs={"placeholder": _("One you know, or a new one")})
    role = line(_("Role"), 160)
    place = line(_("Place"), 120)
    audience = AudienceField(label=_("Who sees this"), required=False)

    def __init__(self, *args: Any, is_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "audience", is_new=True)
        if not is_person:
            del self.fields["organization"], self.fields["role"]


class RelationForm(forms.Form):
    """All details of a relation; also the place where one detail's field comes from."""

    given_name = line(_("First name"), LONGEST_GIVEN)
    infix = line(_("Infix"), LONGEST_INFIX, attrs={"placeholder": _("such as van der")})
    family_name = line(_("Surname"), LONGEST_FAMILY)
    name = line(_("Name"), LONGEST, required=True)
    headline = line(_("In one line"), 200)
    place = line(_("Place"), 120)
    country = forms.ChoiceField(label=_("Country"), required=False, choices=country_choices)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=language_choices)
    owner_id = forms.ChoiceField(label=_("Owner"), required=False)
    about = forms.CharField(
        label=_("About"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )  # fmt: skip
    is_ours = forms.BooleanField(label=_("Is on our own side"), required=False)

    def __init__(self, *args: Any, relation: Relation, only: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(relation, name) or "" for name in self.base_fields})
        super().__init__(*args, **kwargs)
        away = {"name"} if relation.is_person else {"given_name", "infix", "family_name"}
        for name in list(self.fields):
            if name in away or (only and name != only):
                del self.fields[name]
        if "owner_id" in self.fields:
            self.fields["owner_id"].choices = [("", "—"), *owner_choices()]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """The values as the action wants them."""
        values = dict(self.cleaned_data)
        if "owner_id" in values:
            values["owner_id"] = values["owner_id"] or None
        return values


class ContactPointForm(MayBeBack):
    """A contact point: one field in which anything may be pasted."""

    text = line(
        _("Address, number or profile"), LONGEST_CONTACT, required=True,
        help_text=_("Paste anything: an e-mail address, a phone number, a profile, a web page or a postal address."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    network = forms.ChoiceField(label=_("Network"), required=False)
    label = line(_("Label"), 40, help_text=_("Such as work, mobile or home."))

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["kind"], self.fields["network"]
            return
        kinds = [("", _("recognise it")), *ContactKind.choices]
        networks = [("", _("only for a bare name")), *((one.key, one.label) for one in NETWORKS.values())]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["network"].choices = networks  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """Something with a beginning and an end."""

    starts_on = day(_("From"))
    ends_on = day(_("Until"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("It cannot end before it begins."))
        return values


#: What becomes of the work somebody has when they begin elsewhere: it ends, or it stays.
INSTEAD, ALSO = "instead", "also"


class MembershipForm(PeriodForm):
    """A role at an organization."""

    role = line(_("Role"), 160)
    department = line(_("Department"), 120)
    field_order = ("role", "department", "starts_on", "ends_on")


class ChangeField(forms.ChoiceField):
    """What becomes of other work. That all of it ends can be said in one word, also where there is one only."""

    def valid_value(self, value: Any) -> bool:
        return value == INSTEAD or super().valid_value(value)


class NewRoleForm(MembershipForm):
    """A role to note: what becomes of the other work somebody has, and in which contact moment we heard of it.

    `current` is all the work they have. What becomes of it is to be said when some of it is elsewhere, unless the new
    role is over already.
    """

    change = ChangeField(label=_("And the work they have now?"), required=False, widget=forms.RadioSelect)
    moment = forms.ChoiceField(label=_("The contact moment in which we heard it"), required=False)

    def __init__(
        self,
        *args: Any,
        current: Sequence[Membership] = (),
        organization: Relation | None = None,
        moments: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.elsewhere = [one for one in current if organization is None or one.organization_id != organization.id]
        if current:
            self.fields["change"].choices = _changes(current)  # type: ignore[attr-defined]
        else:
            del self.fields["change"]
        if moments:
            self.fields["moment"].choices = [("", "—"), *moments]  # type: ignore[attr-defined]
        else:
            del self.fields["moment"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        ends_on = values.get("ends_on")
        is_over = ends_on is not None and ends_on < now().date()
        if self.elsewhere and not is_over and not values.get("change") and "change" not in self.errors:
            names = ", ".join(str(one.organization) for one in self.elsewhere)
            words = _("They work at %(organizations)s now. Say whether they work here instead, or here too.")
            self.add_error("change", words % {"organizations": names})
        return values

    def details(self) -> dict[str, Any]:
        """The role as the action wants it, with the work that ends because of it."""
        values = dict(self.cleaned_data)
        chosen, moment = values.pop("change", ""), values.pop("moment", "")
        leaves = [one for one in self.current if chosen in (INSTEAD, str(one.id))]
        return values | {"instead_of": leaves} | ({"moment_id": UUID(moment)} if moment else {})


def _changes(current: Sequence[Membership]) -> list[tuple[str, Any]]:
    """What may become of the work somebody has."""
    names = [", ".join(filter(None, (one.organization.name, one.role))) for one in current]
    words = _("They work here instead of at %(work)s")
    each = [(str(one.id), words % {"work": name}) for one, name in zip(current, names, strict=True)]
    everything = [(INSTEAD, _("They work here instead of at all of these"))] if len(current) > 1 else []
    return [*everything, *each, (ALSO, _("They work here too"))]


def tie_choices(near: str = "") -> list[tuple[str, str]]:
    """Each kind of tie as it reads from a relation of this kind; directed ones from both their ends."""
    sorts = tie_sorts()
    choices = [(f"{one.key}:out", one.words) for one in sorts if one.begins_at(near, is_outgoing=True)]
    known = {words for _value, words in choices}
    for one in sorts:
        if one.is_directed and one.inverse not in known and one.begins_at(near, is_outgoing=False):
            choices.append((f"{one.key}:in", one.inverse))
    return choices


def asking_choices(usual: bool | None = None) -> list[tuple[str, Any]]:
    """Whether one may ask for an introduction over a tie; for a kind that is known with what is usual for it."""
    words = {
        None: _("As usual: yes, but not over family"),
        True: _("As usual for this kind: yes"),
        False: _("As usual for this kind: no"),
    }
    return [("", words[usual]), ("yes", _("Yes")), ("no", _("No"))]


def asking_of(wish: bool | None) -> Literal["", "yes", "no"]:
    """What was noted about that, as the form has it."""
    return "" if wish is None else "yes" if wish else "no"


class TieForm(PeriodForm):
    """A tie with somebody else."""

    kind = forms.ChoiceField(label=_("Is"), choices=tie_choices)
    note = line(_("Note"), 300)
    may_introduce = forms.ChoiceField(
        label=_("May we ask for an introduction over it?"), required=False, choices=asking_choices()
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"), required=False, choices=[("", "—"), *TieOutcome.choices],
        help_text=_("Of a referral or of advice."),
    )  # fmt: skip
    value = forms.DecimalField(
        label=_("Worth in euros"), required=False, min_value=0, max_digits=12, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("kind", "starts_on", "ends_on", "note", "may_introduce", "outcome", "value")

    def __init__(self, *args: Any, near: str = "", tie: Tie | None = None, **kwargs: Any) -> None:
        if tie is not None:
            kwargs.setdefault("initial", initial_of(tie))
        super().__init__(*args, **kwargs)
        if tie is not None:
            del self.fields["kind"]
            if tie.kind not in ADVICE:
                del self.fields["outcome"], self.fields["value"]
            self.fields["may_introduce"].choices = asking_choices(tie.is_asked_over_as_usual)  # type: ignore[attr-defined]
        elif near:
            self.fields["kind"].choices = tie_choices(near)  # type: ignore[attr-defined]

    def clean_may_introduce(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["may_introduce"])


def initial_of(tie: Tie) -> dict[str, Any]:
    """What a form about a tie begins with."""
    values = {name: getattr(tie, name) for name in ("starts_on", "ends_on", "note", "outcome", "value")}
    return values | {"may_introduce": asking_of(tie.may_introduce)}


class TagForm(forms.Form):
    """A tag to file under."""

    name = line(_("Tag"), LONGEST_TAG, required=True, attrs={"list": "tag-names"})


class InterestForm(forms.Form):
    """What moves somebody."""

    text = line(_("What moves them"), LONGEST_INTEREST, required=True)


class ImportantDateForm(forms.Form):
    """A day that matters."""

    kind = forms.ChoiceField(label=_("What for"), choices=DateKind.choices)
    on = day(_("Date"), required=True)
    note = line(_("Note"), 200)


class CircleForm(forms.Form):
    """Who may see a relation."""

    audience = AudienceField(label=_("Who sees this"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "audience")


class ReasonForm(forms.Form):
    """Why somebody is not to be contacted."""

    reason = line(
        _("Why"), 300, required=True,
        help_text=_("Colleagues read this, the person does not. Such as: asked us on 3 March."),
        error_messages={"required": _("Say why, so that colleagues understand.")},
    )  # fmt: skip


class PhotoForm(forms.Form):
    """A photo."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("A JPEG, PNG or WebP picture of 5 MB at most."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        if photo.size > PHOTO_LIMIT:
            raise forms.ValidationError(_("A photo may be 5 MB at most. Make this one smaller first."))
        return photo


COLOUR_WORDS = {
    "yellow": _("yellow"),
    "rose": _("rose"),
    "blue": _("blue"),
    "mint": _("mint"),
    "orange": _("orange"),
    "lilac": _("lilac"),
}


class TagChangeForm(forms.Form):
    """Another name or colour for a tag."""

    name = line(_("Name"), LONGEST_TAG, required=True)
    colour = forms.ChoiceField(label=_("Colour"), choices=[(one, COLOUR_WORDS[one]) for one in COLOURS])


class TagMergeForm(forms.Form):
    """Which of several tags stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = forms.ModelChoiceField(label=_("This one stays"), queryset=Tag.objects.all())
