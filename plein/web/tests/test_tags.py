# SPDX-License-Identifier: AGPL-3.0-or-later
from time import perf_counter
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from plein.web.avatars import TONES, initials_of, tone_of
from plein.web.errors import EXPLANATIONS
from plein.web.icons import ICONS, icon_svg
from plein.web.kinds import LOOKS
from plein.web.markup import attributes
from plein.web.navigation import CREATE, MENU, NAVIGATION


class Sample(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Where letters go.")
    role = forms.ChoiceField(choices=[("a", "Decides"), ("b", "Advises")], widget=forms.RadioSelect, required=False)
    letter = forms.BooleanField(label="Letter", required=False)


def rendered(source: str, **values: Any) -> str:
    return Template("{% load plein %}" + source).render(Context(values))


def test_every_kind_of_moment_has_an_icon_we_ship() -> None:
    assert {look.icon for look in LOOKS.values()} <= ICONS.keys()


def test_every_icon_named_in_code_is_one_we_ship() -> None:
    named = {item.icon for item in [*NAVIGATION, *MENU, *CREATE]} | {known.icon for known in EXPLANATIONS.values()}
    assert named <= ICONS.keys()


def test_an_unknown_icon_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        icon_svg("no-such-icon")


@pytest.mark.parametrize(
    ("name", "kind", "initials"),
    [
        ("Rik van Dijk", "person", "RD"),
        ("Joost", "person", "JO"),
        ("", "person", "?"),
        ("Van Dijk Installatietechniek", "organization", "VD"),
        ("Hotel De Zon", "organization", "HZ"),
        ("De", "organization", "DE"),
        ("  'n Ander ", "person", "AN"),
        ("x" * 10_000, "person", "XX"),
    ],
)
def test_initials_stand_for_the_name(name: str, kind: str, initials: str) -> None:
    assert initials_of(name, kind) == initials


def test_a_person_is_round_and_an_organization_is_a_tile() -> None:
    person = rendered('{% avatar "Rik van Dijk" "person" 7 "s" %}')
    organization = rendered('{% avatar "Hotel De Zon" "organization" 7 "s" %}')

    tone = tone_of(7)
    assert tone in TONES
    assert person == f'<span class="avatar s c-{tone}" aria-hidden="true">RD</span>'
    assert organization == f'<span class="avatar org s c-{tone}" aria-hidden="true">HZ</span>'


def test_a_name_with_markup_is_only_a_name() -> None:
    html = rendered('{% avatar name %}{% banner "coin" %}{{ name }}{% endbanner %}', name="<b>&x <i>")
    assert "<b>" not in html and "<i>" not in html


def test_a_photo_takes_the_place_of_the_initials() -> None:
    html = rendered('{% avatar "Rik" "person" 7 "l" "/photo/7" %}')
    assert html.startswith('<img class="avatar l" src="/photo/7" alt="" width="44"')


def test_attributes_refuse_what_the_policy_forbids() -> None:
    assert attributes({"hx_get": "/a?b&c", "disabled": True, "hidden": False}) == ' hx-get="/a?b&amp;c" disabled'
    for name in ("style", "onclick"):
        with pytest.raises(ValueError, match=name):
            attributes({name: "x"})


def test_a_field_points_at_its_help_and_its_error() -> None:
    html = rendered("{% field form.email %}", form=Sample({"email": "nobody", "role": "a"}))

    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html and 'class="input"' in html
    assert 'id="id_email_helptext"' in html and 'id="id_email_error"' in html


def test_choices_are_a_question_with_its_answers() -> None:
    html = rendered("{% field form.role %}", form=Sample({"email": "a@b.nl", "role": "b"}))

    assert html.startswith('<fieldset class="field"><legend>Role</legend>')
    assert html.count('type="radio"') == 2 and html.count(" checked") == 1


def test_a_fact_without_a_value_says_so() -> None:
    assert "unknown" in rendered('{% fact "Birthday" %} {% endfact %}')
    assert "unknown" not in rendered('{% fact "Birthday" %}3 May{% endfact %}')


def test_sorting_turns_around_and_forgets_the_page() -> None:
    request = RequestFactory().get("/people/?q=zwolle&sort=name&cursor=abc")
    html = rendered('{% sort_head "Name" "name" sort "name" %}', request=request, sort="name")

    assert 'href="?q=zwolle&amp;sort=-name"' in html
    assert 'aria-sort="ascending"' in html and 'class="name"' in html


def test_a_list_of_fifty_rows_is_drawn_in_a_few_milliseconds() -> None:
    source = '{% for n in rows %}{% avatar n "organization" n "s" %}{% icon "pencil" %}{% strength 3 %}{% endfor %}'
    template = Template("{% load plein %}" + source)
    context = Context({"rows": [f"Bedrijf {number}" for number in range(50)]})
    template.render(context)

    start = perf_counter()
    template.render(context)
    assert perf_counter() - start < 0.05
