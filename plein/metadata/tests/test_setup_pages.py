# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.metadata.actions import set_values
from plein.metadata.models import Field, FieldGroup
from plein.metadata.queries import catalog
from plein.relations.actions import tag
from plein.relations.models import RelationValues
from plein.testing.budgets import within_budget
from plein.testing.factories import make_field, make_group, make_person
from plein.trust.circles import only_me
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def at(name: str, *arguments: object) -> str:
    return reverse(f"metadata:{name}", args=arguments)


def promote(user: User) -> None:
    """Make a colleague an administrator."""
    with operation("change_seat"):
        Seat.objects.filter(user=user).update(role=Role.ADMINISTRATOR)


def test_an_administrator_makes_a_group_and_a_field_with_choices(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    assert client.get(at("field_new"))["Location"] == at("group_new")

    made = client.post(at("group_new"), {"name_nl": "Commercieel", "name_en": "Commercial", "audience": "everyone"})
    with entered(alice):
        group = FieldGroup.objects.get()
    assert made.status_code == 302
    assert "one choice" in client.get(at("field_new")).content.decode()
    form = client.get(at("field_new"), {"type": "choice", "group": str(group.id)}).content.decode()
    assert 'name="choice_nl"' in form
    sent: dict[str, Any] = {
        "type": "choice", "group": str(group.id), "label_nl": "Segment", "label_en": "", "kinds": ["person"],
        "choice_key": ["", "", ""], "choice_nl": ["Goud", "Zilver", ""], "choice_en": ["Gold", "", ""],
    }  # fmt: skip
    assert client.post(at("field_new"), sent).status_code == 302

    with entered(alice):
        field = Field.objects.get()
        assert (field.key, field.label) == ("segment", "Segment")
        assert [one["key"] for one in field.choices] == ["gold", "zilver"]
        assert Operation.objects.filter(verb__in=("add_field", "add_field_group")).count() == 2
    page = client.get(at("fields"), {"usage": "1"}).content.decode()
    assert "Commercial" in page and "never filled in" in page and "not used" not in page


def test_a_field_that_nobody_fills_in_is_pointed_out(alice: User, signed_in: SignIn) -> None:
    long_ago = now() - timedelta(days=100)
    with entered(alice) as actor:
        group = make_group()
        make_field("text", group, key="never", created_at=long_ago)
        make_field("text", group, key="once", created_at=long_ago)
        make_field("text", group, key="lately", created_at=long_ago)
        henk = make_person("Henk")
        set_values(actor=actor, values_model=RelationValues, record=henk, values={"once": "x", "lately": "x"})
        row = RelationValues.objects.get()
        once = str(Field.objects.get(key="once").id)
        with operation("set_values"):
            RelationValues.objects.update(filled={**row.filled, once: long_ago.date().isoformat()})

    page = signed_in(alice).get(at("fields"), {"usage": "1"}).content.decode()

    assert "2 fields are not used" in page
    assert page.count("Nobody uses this") == 1 and page.count("Not filled in for 90 days") == 1


def test_what_is_missing_is_said_and_nothing_is_lost(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
    client = signed_in(alice)

    lines = {"choice_key": [""], "choice_nl": [""], "choice_en": [""]}
    named = {"group": str(group.id), "label_nl": "Segment", "kinds": ["person"]}
    none = client.post(at("field_new"), {"type": "choice", **named, **lines})
    nameless = client.post(at("field_new"), {"type": "text", "group": str(group.id), "kinds": []})
    bounds = client.post(at("field_new"), {"type": "number", "group": str(group.id), "label_en": "Size",
                                           "kinds": ["person"], "min": "5", "max": "1"})  # fmt: skip
    nowhere = client.post(at("group_new"), {"name_nl": "", "audience": "team:x"})

    assert (none.status_code, nameless.status_code, bounds.status_code, nowhere.status_code) == (422, 422, 422, 422)
    assert "Give at least one choice" in none.content.decode() and 'value="Segment"' in none.content.decode()
    assert "Give it a name" in nameless.content.decode()
    assert "Turn them round" in bounds.content.decode()
    with entered(alice):
        assert Field.objects.count() == 0
        assert Operation.objects.filter(verb="add_field").count() == 0


def test_choices_keep_their_keys_when_they_are_renamed_and_stay_when_left_out(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        field = make_field("choice", choices=["Gold", "Silver"])
        henk = make_person("Henk")
        set_values(actor=actor, values_model=RelationValues, record=henk, values={"choice": "silver"})
    sent: dict[str, Any] = {
        "version": "1", "type": "choice", "group": str(field.group_id), "label_nl": "Segment", "kinds": ["person"],
        "choice_key": ["", "gold"], "choice_nl": ["Brons", "Goud"], "choice_en": ["", "Golden"],
    }  # fmt: skip

    client = signed_in(alice)
    client.post(at("field_change", field.id), sent)

    with entered(alice):
        field = Field.objects.get()
        assert [(one["key"], one["en"], bool(one.get("retired"))) for one in field.choices] == [
            ("brons", "", False), ("gold", "Golden", False), ("silver", "Silver", True)]  # fmt: skip
        assert field.choice_words()["silver"] == "Silver"
    late = client.post(at("field_change", field.id), sent | {"label_nl": "Later"})
    assert late.status_code == 409
    assert "Somebody changed this just before you" in late.content.decode()
    assert 'value="Later"' in late.content.decode()


def test_fields_and_groups_are_put_in_another_order(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        one, two = make_group("One"), make_group("Two", position=1)
        fields = [make_field("text", one, key=f"f{place}", position=place) for place in range(3)]
    client = signed_in(alice)

    client.post(at("field_move", fields[2].id), {"to": "0"})
    moved = client.post(at("field_move", fields[0].id), {"step": "down"}, headers=HTMX)
    client.post(at("group_move", two.id), {"step": "up"})
    into = client.post(at("field_move", fields[1].id), {"to": "0", "group": str(two.id)})

    assert moved.status_code == 200 and "plein:toast" in moved["HX-Trigger"]
    assert into.status_code == 302
    with entered(alice):
        assert list(Field.objects.filter(group=one).order_by("position").values_list("key", flat=True)) == ["f2", "f0"]
        assert [group.name for group in FieldGroup.objects.order_by("position")] == ["Two", "One"]
        assert Field.objects.get(key="f1").group_id == two.id


def test_a_field_that_is_filled_in_stays_in_its_group(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        group, field, henk = make_group("Other"), make_field("text"), make_person("Henk")
        set_values(actor=actor, values_model=RelationValues, record=henk, values={"text": "x"})

    answer = signed_in(alice).post(at("field_move", field.id), {"to": "0", "group": str(group.id)})

    assert answer.status_code == 422
    assert "It stays here" in answer.content.decode()


def test_a_retired_field_keeps_its_values_and_comes_back(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        field, henk = make_field("text"), make_person("Henk")
        set_values(actor=actor, values_model=RelationValues, record=henk, values={"text": "x"})
    client = signed_in(alice)

    assert client.post(at("field_retire", field.id), headers=HTMX).status_code == 200
    with entered(alice):
        assert Field.objects.get().is_retired
        assert RelationValues.objects.get().values == {str(field.id): "x"}
    page = client.get(at("fields"), {"usage": "1"}).content.decode()
    assert "Bring back" in page and "filled in for 1" in page
    assert client.post(at("group_remove", field.group_id)).status_code == 422
    assert client.post(at("field_back", field.id)).status_code == 302
    with entered(alice):
        assert not Field.objects.get().is_retired


def test_everything_an_administrator_does_can_be_turned_back(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
    client = signed_in(alice)
    client.post(at("field_new"), {"type": "text", "group": str(group.id), "label_en": "Note", "kinds": ["person"]})
    with entered(alice) as actor:
        field = Field.objects.get()
        made = Operation.objects.filter(verb="add_field").latest("id")
        henk = make_person("Henk")
        set_values(actor=actor, values_model=RelationValues, record=henk, values={"note": "x"})
        assert undo(made.id).left_alone == 1
        assert Field.objects.get() == field
    client.post(at("group_new"), {"name_en": "Empty", "audience": "me"})
    with entered(alice):
        undo(Operation.objects.filter(verb="add_field_group").latest("id").id)
        assert FieldGroup.objects.count() == 1


def test_a_group_for_me_alone_is_not_there_for_another_administrator(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        group = make_group("Health", circle_id=only_me())
        field = make_field("text", group, key="illness")
        henk = make_person("Henk")
        set_values(actor=actor, values_model=RelationValues, record=henk, values={"illness": "gout"})
        promote(bob)
    for stranger in (bob, charlie):
        client = signed_in(stranger)
        page = client.get(at("fields"), {"usage": "1"}).content.decode()
        assert "Health" not in page and "illness" not in page.lower()
        for name, known in (("field_change", field.id), ("group_change", group.id)):
            assert client.get(at(name, known)).status_code == 404
        for name, known in (("field_retire", field.id), ("field_move", field.id), ("group_remove", group.id)):
            assert client.post(at(name, known), {"to": "0"}).status_code == 404
    assert "not for everyone" in signed_in(alice).get(at("fields")).content.decode()


def test_usage_counts_only_what_the_reader_sees(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        make_field("text")
        for person in (make_person("Henk"), make_person("Hidden", circle_id=only_me())):
            set_values(actor=actor, values_model=RelationValues, record=person, values={"text": "x"})
        promote(bob)

    assert "filled in for 2" in signed_in(alice).get(at("fields"), {"usage": "1"}).content.decode()
    assert "filled in for 1" in signed_in(bob).get(at("fields"), {"usage": "1"}).content.decode()


def test_members_have_nothing_to_say_about_fields(alice: User, bob: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice):
        field = make_field("text")
        before = Operation.objects.count()
    for user in (bob, gina):
        client = signed_in(user)
        assert client.get(at("fields")).status_code == 403
        assert client.post(at("field_retire", field.id)).status_code == 403
        assert client.post(at("group_new"), {"name_en": "x", "audience": "me"}).status_code == 403
    with entered(alice):
        assert Operation.objects.count() == before


def test_a_field_can_be_kept_for_relations_with_a_tag(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        group = make_group()
        tagging = tag(actor=actor, relation=make_person("Henk"), name="fair")
    client = signed_in(alice)
    sent = {"type": "text", "group": str(group.id), "label_en": "Stand", "tags": [str(tagging.tag_id)]}

    assert client.post(at("field_new"), sent | {"kinds": ["person", "moment"]}).status_code == 422
    assert client.post(at("field_new"), sent | {"kinds": ["person"]}).status_code == 302

    with entered(alice):
        known = catalog()
        assert [one.key for one in known.shown("person", tags=[tagging.tag_id])] == ["stand"]
        assert known.shown("person") == []


def test_the_pages_stay_within_their_budget(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
        fields = [make_field("text", group, key=f"f{place}") for place in range(8)]
    client = signed_in(alice)
    client.get(at("fields"))

    with within_budget(__file__, "list"):
        client.get(at("fields"))
    with within_budget(__file__, "usage"):
        client.get(at("fields"), {"usage": "1"})
    with within_budget(__file__, "field"):
        client.get(at("field_change", fields[0].id))
    with within_budget(__file__, "group"):
        client.get(at("group_change", group.id))
