# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date
from io import BytesIO
from pathlib import Path

from plein.channels.cards import Address, Bond, Card, Day, NotACard, Reach, Work
from plein.channels.connectors.contacts.vcard import read_cards

FOLDER = Path(__file__).parent / "fixtures"


def cards(data: bytes | str) -> list[Card | NotACard]:
    return list(read_cards(BytesIO(data.encode() if isinstance(data, str) else data)))


def card(*lines: str, version: str = "3.0") -> Card:
    [found] = cards("\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]))
    assert isinstance(found, Card)
    return found


def test_quoted_printable_and_its_soft_line_ends_are_undone() -> None:
    found = [one for one in cards((FOLDER / "John_Doe_ANDROID.vcf").read_bytes()) if isinstance(one, Card)]

    assert [one.name for one in found[:3]] == ["john.doe@company.com", "jane.doe@company.com", "Ñ Ñ Ñ Ñ Ñ"]
    assert found[3].name == " ".join("Ñ" * 11)
    assert found[4].reaches[:2] == (
        Reach("email", "bob@company.com", "work", is_preferred=True),
        Reach("email", "Ñ" * 14, is_preferred=True),
    )


def test_apple_names_its_lines_by_group() -> None:
    [found] = cards((FOLDER / "John_Doe_MAC_ADDRESS_BOOK.vcf").read_bytes())

    assert isinstance(found, Card)
    assert Reach("phone", "905-222-1234", "AssistantPhone") in found.reaches
    assert Reach("url", "http://www.ibm.com", "HomePage", is_preferred=True) in found.reaches
    assert found.addresses[1] == Address("Street4, Building 6, Floor 8", "12345", "New York", "", "USA", "work")
    assert found.bonds == (Bond("spouse", "Jenny"),)
    assert found.days == (Day("birthday", date(2012, 6, 6)),)
    assert found.photo is not None and found.photo.data[:3] == b"\xff\xd8\xff"


def test_work_has_its_department_and_its_title() -> None:
    [found] = cards((FOLDER / "John_Doe_EVOLUTION.vcf").read_bytes())

    assert isinstance(found, Card)
    assert found.works == (Work("IBM", "Accounting, Dungeon", "Money Counter"),)
    assert found.tags == ("VIP",) and found.uid == "477343c8e6bf375a9bac1f96a5000837"
    assert {bond.kind for bond in found.bonds} == {"spouse", "manager", "assistant"}


def test_a_line_is_read_by_what_it_looks_like() -> None:
    found = card(
        "FN:Jan\\, de Boer",
        "N:Boer;Jan;;dhr.;",
        "TEL;TYPE=cell,pref:tel:+31-6-12345678",
        'EMAIL;TYPE="HOME":jan@bos.nl',
    )

    assert (found.name, found.given, found.family) == ("Jan, de Boer", "Jan", "Boer")
    assert found.reaches == (
        Reach("email", "jan@bos.nl", "home"),
        Reach("phone", "tel:+31-6-12345678", "mobile", is_preferred=True),
    )


def test_a_fold_in_the_middle_of_a_sign_is_mended() -> None:
    head, tail = b"FN:Zo" + "é".encode()[:1], "é".encode()[1:] + b" Bos"

    [found] = cards(b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + head + b"\r\n " + tail + b"\r\nEND:VCARD\r\n")

    assert isinstance(found, Card) and found.name == "Zoé Bos"


def test_windows_and_utf_16_are_understood() -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nFN:José Núñez\nEND:VCARD\n"

    for data in (
        text.encode("cp1252"),
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r").encode(),
    ):
        assert [one.name for one in cards(data) if isinstance(one, Card)] == ["José Núñez"]


def test_what_version_4_has_of_its_own() -> None:
    found = card(
        "FN:Ada Bos", "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1", "BDAY:19800322T000000Z", "LANG:nl",
        "RELATED;TYPE=friend:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "RELATED;TYPE=spouse;VALUE=text:Jan Smit",
        "RELATED;TYPE=colleague:mailto:Piet@bos.nl", "IMPP:xmpp:ada@bos.nl", "PHOTO:data:image/png;base64,iVBORw0KGgo=",
        "X-SOCIALPROFILE;TYPE=twitter:https://twitter.com/ada", "CATEGORIES:klant,pers\\,media", version="4.0",
    )  # fmt: skip

    assert found.uid == "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1" and found.language == "nl"
    assert found.bonds == (
        Bond("friend", uid="f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        Bond("spouse", "Jan Smit"),
        Bond("colleague", email="piet@bos.nl"),
    )
    assert Reach("handle", "ada@bos.nl", network="xmpp") in found.reaches
    assert Reach("handle", "https://twitter.com/ada", network="x") in found.reaches
    assert found.tags == ("klant", "pers,media") and found.photo is not None


def test_a_company_is_an_organization_and_a_group_a_group() -> None:
    assert card("ORG:Bos bv", "N:;;;;", "FN:Bos bv").kind == "organization"
    assert card("ORG:Bos bv", "FN:Jan", "X-ABShowAs:COMPANY").kind == "organization"
    assert card("FN:Bos bv", "KIND:org").kind == "organization"
    group = card("FN:Vrienden", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:aa:ABPerson")
    assert (group.kind, group.members) == ("group", ("aa",))


def test_a_birthday_without_a_year_is_none() -> None:
    assert card("FN:Jan", "BDAY:--0322").days == ()
    assert card("FN:Jan", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-22").days == ()
    assert card("FN:Jan", "BDAY:1980-02-31").days == ()


def test_an_assistant_inside_a_card_is_no_card_of_its_own() -> None:
    found = cards("BEGIN:VCARD\nFN:Jan\nAGENT:\nBEGIN:VCARD\nFN:Piet\nEND:VCARD\nEMAIL:jan@bos.nl\nEND:VCARD\n")

    assert [(one.name, len(one.reaches)) for one in found if isinstance(one, Card)] == [("Jan", 1)]


def test_what_cannot_be_read_stands_in_its_place() -> None:
    found = cards("BEGIN:VCARD\nFN:Jan\nBEGIN:VCARD\nTEL:1\nEND:VCARD\nBEGIN:VCARD\nFN:Piet\nEND:VCARD\n")

    assert [type(one) for one in found] == [NotACard, NotACard, Card]
    assert "breaks off" in found[0].reason and "no name" in found[1].reason  # type: ignore[union-attr]
