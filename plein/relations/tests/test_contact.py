# SPDX-License-Identifier: AGPL-3.0-or-later
import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.relations.contact import ContactError, normalise


@pytest.mark.parametrize(
    ("text", "kind", "value", "display"),
    [
        ("Henk@Example.COM", "email", "henk@example.com", "henk@example.com"),
        ("mailto:henk@example.com", "email", "henk@example.com", "henk@example.com"),
        ("henk@Bücher.example", "email", "henk@xn--bcher-kva.example", "henk@bücher.example"),
        ("06 28417093", "phone", "+31628417093", "06 28417093"),
        ("06-284 170 93", "phone", "+31628417093", "06 28417093"),
        ("+32 470 12 34 56", "phone", "+32470123456", "+32 470 12 34 56"),
        ("0031 38 421 3456", "phone", "+31384213456", "038 421 3456"),
        ("www.Example.com", "url", "https://www.example.com", "example.com"),
        ("http://example.com/a?b=c", "url", "http://example.com/a?b=c", "example.com/a?b=c"),
        (
            "Dorpsstraat 1, 8011ab Zwolle",
            "postal",
            "dorpsstraat 1, 8011 ab zwolle, nl",
            "Dorpsstraat 1, 8011 AB Zwolle",
        ),
        (
            "Dorpsstraat 1\n8011 AB\nZwolle",
            "postal",
            "dorpsstraat 1, 8011 ab zwolle, nl",
            "Dorpsstraat 1, 8011 AB Zwolle",
        ),
    ],
)
def test_what_is_pasted_is_recognised_and_brought_to_one_form(text: str, kind: str, value: str, display: str) -> None:
    contact = normalise(text)

    assert (contact.kind, contact.value, contact.display) == (kind, value, display)


@pytest.mark.parametrize(
    ("text", "network", "value"),
    [
        ("https://www.linkedin.com/in/henk-van-dijk/?trk=x", "linkedin", "in/henk-van-dijk"),
        ("https://nl.linkedin.com/company/Plein", "linkedin", "company/plein"),
        ("https://mastodon.social/@Henk", "mastodon", "henk@mastodon.social"),
        ("https://example.social/@henk@mastodon.social", "mastodon", "henk@mastodon.social"),
        ("@henk@mastodon.social", "mastodon", "henk@mastodon.social"),
        ("https://bsky.app/profile/henk.nl", "bluesky", "henk.nl"),
        ("henk.bsky.social", "bluesky", "henk.bsky.social"),
        ("https://twitter.com/Henk", "x", "henk"),
        ("x.com/henk", "x", "henk"),
        ("instagram.com/plein.nl/", "instagram", "plein.nl"),
        ("https://www.facebook.com/henk.dijk", "facebook", "henk.dijk"),
        ("https://github.com/henk", "github", "henk"),
    ],
)
def test_a_pasted_profile_becomes_a_name_on_its_network(text: str, network: str, value: str) -> None:
    contact = normalise(text)

    assert (contact.kind, contact.network, contact.value) == ("handle", network, value)


def test_a_page_of_a_network_that_is_nobodys_is_a_web_page() -> None:
    assert normalise("https://github.com/about").kind == "url"


def test_a_bare_name_needs_its_network() -> None:
    assert normalise("@henk", kind="handle", network="x").value == "henk"
    with pytest.raises(ContactError, match="which network"):
        normalise("henk", kind="handle")


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("0384", "phone", "not a whole phone number"),
        ("henk", "email", "henk@example.com"),
        ("henk@localhost", "email", "henk@example.com"),
        ("a b@example.com", "email", "henk@example.com"),
        ("javascript:alert(1)", "url", "web address"),
        ("https://user:secret@example.com", "url", "web address"),
        ("http://example.com:80a/", "url", "web address"),
        ("   ", "", "first"),
        ("x" * 10_000, "", "10000"),
        ("a/b/c", "handle", "network"),
    ],
)
def test_what_cannot_be_one_is_refused_in_words(text: str, kind: str, words: str) -> None:
    with pytest.raises(ContactError, match=words):
        normalise(text, kind=kind)


def test_an_extension_stays_with_its_number() -> None:
    contact = normalise("038 4213456 x12")

    assert contact.value == "+31384213456"
    assert contact.detail == {"extension": "12"}


def test_a_number_is_of_the_country_of_the_workspace() -> None:
    assert normalise("0470 12 34 56", kind="phone", country="BE").value == "+32470123456"


def test_the_parts_of_a_postal_address_are_kept() -> None:
    assert normalise("Dorpsstraat 1, 8011ab Zwolle").detail == {
        "street": "Dorpsstraat 1",
        "postal_code": "8011 AB",
        "place": "Zwolle",
        "country": "NL",
    }


@given(st.text("ab19-.x", min_size=3, max_size=70))
def test_a_plain_domain_is_what_the_standard_makes_of_it(domain: str) -> None:
    try:
        standard = idna.encode(domain.rstrip("."), uts46=True, transitional=False).decode()
        readable = idna.decode(standard)
    except (idna.IDNAError, UnicodeError):
        return
    if "." not in domain:
        return

    found = normalise(f"henk@{domain}", kind="email")

    assert (found.value, found.display) == (f"henk@{standard}", f"henk@{readable}")
