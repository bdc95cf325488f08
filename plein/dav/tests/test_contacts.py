# SPDX-License-Identifier: AGPL-3.0-or-later
import base64
from io import BytesIO

from PIL import Image

from plein.core.models import Operation
from plein.core.operations import operation
from plein.dav.actions.kept import put_back
from plein.dav.models import Kept
from plein.dav.tests.phone import ORGANIZATIONS, PEOPLE, card, phone_of
from plein.relations.actions import add_contact_point, edit_relation, revoke_contact_point, set_favourite
from plein.relations.models import ContactPoint, ContactPointLink, ImportantDate, Membership, Relation, Tagging
from plein.testing.factories import make_person
from plein.trust.actions import undo_operation
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

HENK = card(
    "Henk van Dijk",
    "uid-1",
    "EMAIL;TYPE=INTERNET,WORK:henk@vandijk.example",
    "item1.TEL:06-12345678",
    "item1.X-ABLabel:boat",
    "TEL;TYPE=HOME:12",
    "ADR;TYPE=WORK:;;Dorpsstraat 1;Zwolle;;8011 AB;Nederland",
    "ORG:Van Dijk Hekwerken;Sales",
    "TITLE:Manager",
    "BDAY:1980-04-12",
    "NOTE:Likes fences\\, and football.",
    "CATEGORIES:Customer,Fences",
    "NICKNAME:Henkie",
    'X-PHONETIC-LAST-NAME;X-ODD="a;b:c":Deik',
)


def lines(text: str) -> set[str]:
    return set(text.replace("\r\n ", "").split("\r\n")) - {""}


def test_a_card_becomes_a_person_and_comes_back_as_it_was(bob: User) -> None:
    phone = phone_of(bob)
    sent = phone.put(f"{PEOPLE}one.vcf", HENK, if_none_match="*")
    back = phone.get(f"{PEOPLE}one.vcf")

    assert sent.status_code == 201
    assert lines(back.text) == lines(HENK)
    assert back["ETag"] == sent["ETag"]
    with entered(bob):
        henk = Relation.objects.get(kind="person", name="Henk van Dijk")
        assert (henk.given_name, henk.infix, henk.family_name) == ("Henk", "van", "Dijk")
        assert henk.about == "Likes fences, and football." and henk.owner_id is not None
        points = ContactPointLink.objects.filter(relation=henk).values_list("contact_point__value", "label")
        assert set(points) == {
            ("henk@vandijk.example", "work"),
            ("+31612345678", "boat"),
            ("dorpsstraat 1, 8011 ab zwolle, nl", "work"),
        }
        work = Membership.objects.get(person=henk)
        assert (work.organization.name, work.department, work.role) == ("Van Dijk Hekwerken", "Sales", "Manager")
        assert ImportantDate.objects.get(relation=henk).on.isoformat() == "1980-04-12"
        assert set(Tagging.objects.values_list("tag__name", flat=True)) == {"Customer", "Fences"}
        assert {one.verb for one in Operation.objects.filter(door="dav")} == {"add_from_device"}


def test_only_what_a_device_changed_is_changed_and_undo_takes_it_back(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{PEOPLE}one.vcf", HENK)
    changed = (
        HENK.replace("06-12345678", "06-87654321").replace("TITLE:Manager", "TITLE:Director").replace("Henkie", "Hk")
    )
    answer = phone.put(f"{PEOPLE}one.vcf", changed, if_match=phone.get(f"{PEOPLE}one.vcf")["ETag"])

    assert answer.status_code == 204
    assert lines(phone.get(f"{PEOPLE}one.vcf").text) == lines(changed)
    with entered(bob) as actor:
        henk = Relation.objects.get(kind="person", name="Henk van Dijk")
        links = ContactPointLink.objects.filter(relation=henk, contact_point__kind="phone")
        assert {(one.contact_point.value, one.revoked_at is None) for one in links} == {
            ("+31612345678", False),
            ("+31687654321", True),
        }
        assert Membership.objects.get(person=henk).role == "Director"
        undo_operation(actor=actor, operation_id=Operation.objects.get(verb="change_from_device").id)
    assert lines(phone.get(f"{PEOPLE}one.vcf").text) == lines(HENK)


def test_what_changes_here_reaches_the_device_beside_what_it_knows_alone(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{PEOPLE}one.vcf", HENK)
    with entered(bob) as actor:
        henk = Relation.objects.get(kind="person", name="Henk van Dijk")
        edit_relation(actor=actor, relation=henk, changes={"about": "New note"}, based_on=henk.version)
        add_contact_point(actor=actor, relation=henk, text="henk@home.example", label="home")
        mail = ContactPointLink.objects.get(contact_point__value="henk@vandijk.example")
        revoke_contact_point(actor=actor, link=mail)

    assert lines(phone.get(f"{PEOPLE}one.vcf").text) - lines(HENK) == {
        "NOTE:New note",
        "EMAIL;TYPE=INTERNET;TYPE=HOME:henk@home.example",
    }
    assert lines(HENK) - lines(phone.get(f"{PEOPLE}one.vcf").text) == {
        "NOTE:Likes fences\\, and football.",
        "EMAIL;TYPE=INTERNET,WORK:henk@vandijk.example",
    }


def test_a_change_based_on_what_is_no_longer_so_is_refused(bob: User, alice: User) -> None:
    phone, other = phone_of(bob), phone_of(alice)
    phone.put(f"{PEOPLE}one.vcf", HENK)
    old = phone.get(f"{PEOPLE}one.vcf")["ETag"]
    theirs = next(iter(other.etags(PEOPLE)))
    other.put(theirs, other.get(theirs).text.replace("Manager", "Director"))

    refused = phone.put(f"{PEOPLE}one.vcf", HENK.replace("Manager", "Boss"), if_match=old)

    assert refused.status_code == 412
    assert phone.put(f"{PEOPLE}one.vcf", HENK, if_none_match="*").status_code == 412
    assert phone.ask("DELETE", f"{PEOPLE}one.vcf", if_match=old).status_code == 412
    assert "TITLE:Director" in phone.get(f"{PEOPLE}one.vcf").text


def test_the_same_identifier_is_the_same_person(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{PEOPLE}one.vcf", HENK)
    _there, _gone, token = phone.sync(PEOPLE)
    phone.put(f"{PEOPLE}two.vcf", HENK.replace("Manager", "Director"))

    assert list(phone.etags(PEOPLE)) == [f"{PEOPLE}two.vcf"]
    assert phone.sync(PEOPLE, token)[:2] == ({f"{PEOPLE}two.vcf"}, {f"{PEOPLE}one.vcf"})
    assert phone.put(f"{PEOPLE}two.vcf", HENK.replace("uid-1", "uid-2")).status_code == 403
    with entered(bob):
        assert Relation.objects.filter(kind="person").count() == 1


def test_deleting_takes_a_person_off_the_device_alone(bob: User, alice: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{PEOPLE}one.vcf", HENK)
    _there, _gone, token = phone.sync(PEOPLE)

    assert phone.ask("DELETE", f"{PEOPLE}one.vcf").status_code == 204
    assert phone.get(f"{PEOPLE}one.vcf").status_code == 404
    assert phone.sync(PEOPLE, token)[:2] == (set(), {f"{PEOPLE}one.vcf"})
    assert len(phone_of(alice).etags(PEOPLE)) == 1
    with entered(bob):
        assert Relation.objects.filter(name="Henk van Dijk").exists()
        assert Kept.objects.get().is_left_out
    assert phone.put(f"{PEOPLE}three.vcf", HENK).status_code == 201
    assert list(phone.etags(PEOPLE)) == [f"{PEOPLE}three.vcf"]


def test_undo_takes_somebody_off_again_and_puts_them_back_on(bob: User) -> None:
    phone = phone_of(bob)
    phone.put(f"{PEOPLE}one.vcf", HENK)
    with entered(bob) as actor:
        undo_operation(actor=actor, operation_id=Operation.objects.get(verb="add_from_device").id)
        assert not Relation.objects.filter(name="Henk van Dijk").exists()
    assert list(phone.etags(PEOPLE)) == []
    phone.put(f"{PEOPLE}one.vcf", HENK)
    phone.ask("DELETE", f"{PEOPLE}one.vcf")

    def on_devices() -> list[str]:
        return list(phone.etags(PEOPLE))

    assert on_devices() == []
    with entered(bob) as actor:
        undo_operation(actor=actor, operation_id=Operation.objects.get(verb="leave_out_of_devices").id)
    assert on_devices() == [f"{PEOPLE}one.vcf"]
    phone.ask("DELETE", f"{PEOPLE}one.vcf")
    with entered(bob) as actor:
        done = put_back(actor=actor, kept=Kept.objects.get())
    assert on_devices() == [f"{PEOPLE}one.vcf"]
    with entered(bob) as actor:
        undo_operation(actor=actor, operation_id=done.id)
    assert on_devices() == []


def test_tokens_tell_what_changed_and_survive_until_they_are_forgotten(bob: User) -> None:
    phone = phone_of(bob)
    assert phone.sync(PEOPLE)[:2] == (set(), set())
    _there, _gone, token = phone.sync(PEOPLE)
    phone.put(f"{PEOPLE}a.vcf", card("Anna Bos"))
    phone.put(f"{PEOPLE}b.vcf", card("Bert Bos"))
    there, gone, next_token = phone.sync(PEOPLE, token)

    assert (there, gone) == ({f"{PEOPLE}a.vcf", f"{PEOPLE}b.vcf"}, set())
    assert phone.sync(PEOPLE, next_token) == (set(), set(), next_token)
    phone.ask("DELETE", f"{PEOPLE}a.vcf")
    assert phone.sync(PEOPLE, next_token)[:2] == (set(), {f"{PEOPLE}a.vcf"})
    assert phone.sync(PEOPLE, token)[0] == {f"{PEOPLE}b.vcf"}
    other = phone_of(bob)
    body = f'<sync-collection xmlns="DAV:"><sync-token>{token}</sync-token><prop><getetag/></prop></sync-collection>'
    answer = other.ask("REPORT", PEOPLE, body)
    assert answer.status_code == 403 and b"valid-sync-token" in answer.content


def test_a_book_holds_what_its_device_is_to_have(bob: User, alice: User) -> None:
    with entered(bob) as actor:
        at_hand, _other = make_person("Anna Bos"), make_person("Bert Bos")
        set_favourite(actor=actor, relation=at_hand, is_favourite=True)
    few, many = phone_of(bob, reach="mine"), phone_of(bob)

    assert list(few.etags(PEOPLE)) == [f"{PEOPLE}{at_hand.id}.vcf"]
    assert len(many.etags(PEOPLE)) == 2
    few.put(f"{PEOPLE}own.vcf", HENK)
    assert f"{PEOPLE}own.vcf" in few.etags(PEOPLE)
    assert list(phone_of(alice, reach="mine").etags(PEOPLE)) == []


def test_a_company_on_a_telephone_is_an_organization(bob: User) -> None:
    phone = phone_of(bob)
    sent = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c\r\nN:;;;;\r\nFN:Acme\r\nORG:Acme\r\nX-ABShowAs:COMPANY\r\nEND:VCARD\r\n"

    assert phone.put(f"{PEOPLE}acme.vcf", sent).status_code == 201
    assert lines(phone.get(f"{PEOPLE}acme.vcf").text) == lines(sent)
    with entered(bob):
        assert Relation.objects.get(name="Acme").kind == "organization"
    assert list(phone.etags(PEOPLE)) == [f"{PEOPLE}acme.vcf"]
    assert list(phone.etags(ORGANIZATIONS)) == []
    assert "X-ABShowAs:COMPANY" in phone_of(bob).get(f"{PEOPLE}acme.vcf").text


def test_a_photo_becomes_that_of_the_person(bob: User) -> None:
    picture = BytesIO()
    Image.new("RGB", (4, 4), "green").save(picture, "PNG")
    data = base64.b64encode(picture.getvalue()).decode()
    phone = phone_of(bob)
    sent = card("Anna Bos", "a", f"PHOTO;ENCODING=b;TYPE=PNG:{data}")
    phone.put(f"{PEOPLE}a.vcf", sent)

    assert lines(phone.get(f"{PEOPLE}a.vcf").text) == lines(sent)
    assert f"PHOTO:data:image/png;base64,{data}" in phone.get(
        f"{PEOPLE}a.vcf", accept='text/vcard; version="4.0"'
    ).text.replace("\r\n ", "")
    with entered(bob):
        assert Relation.objects.get(name="Anna Bos").photo
    phone.put(f"{PEOPLE}a.vcf", card("Anna Bos", "a"))
    with entered(bob):
        assert Relation.objects.get(name="Anna Bos").photo == ""


def test_what_is_hidden_is_nowhere(bob: User, alice: User) -> None:
    with entered(alice) as actor:
        open_one = make_person("Anna Bos")
        hidden = make_person("Geheim Persoon", circle_id=only_me())
    phone = phone_of(bob)
    _there, _gone, token = phone.sync(PEOPLE)
    before = phone.etags(PEOPLE)
    with entered(alice) as actor:
        hidden = Relation.objects.get(id=hidden.id)
        edit_relation(actor=actor, relation=hidden, changes={"about": "x"}, based_on=hidden.version)
        add_contact_point(actor=actor, relation=hidden, text="g@geheim.example")

    assert list(before) == [f"{PEOPLE}{open_one.id}.vcf"]
    assert phone.etags(PEOPLE) == before
    assert phone.sync(PEOPLE, token) == (set(), set(), token)
    assert "Geheim" not in phone.cards(PEOPLE)
    address = f"{PEOPLE}{hidden.id}.vcf"
    for method in ("GET", "DELETE", "PROPFIND"):
        assert phone.ask(method, address).status_code == 404
    assert phone.put(address, card("Mijn Naam", f"urn:uuid:{hidden.id}")).status_code == 201
    with entered(alice):
        assert Relation.objects.get(id=hidden.id).name == "Geheim Persoon"
    assert len(phone_of(alice).etags(PEOPLE)) == 3


def test_what_a_colleague_knows_of_somebody_stays_with_them(bob: User, alice: User) -> None:
    with entered(alice) as actor:
        anna = make_person("Anna Bos")
        add_contact_point(actor=actor, relation=anna, text="anna@bos.example")
        with operation("edit_contact_point"):
            ContactPoint.objects.update(circle_id=only_me())
    mine, theirs = phone_of(alice), phone_of(bob)
    address = f"{PEOPLE}{anna.id}.vcf"
    assert "anna@bos.example" in mine.get(address).text
    assert "anna@bos.example" not in theirs.get(address).text

    text = mine.get(address).text.replace("END:VCARD", "NICKNAME:Secret\r\nEND:VCARD")
    assert mine.put(address, text).status_code == 204

    assert "NICKNAME:Secret" in mine.get(address).text
    assert "anna@bos.example" not in theirs.get(address).text and "Secret" not in theirs.get(address).text
