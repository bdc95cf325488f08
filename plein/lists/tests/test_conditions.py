# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from plein.lists.conditions import Across, BadFilter, Group, Not, Test, parse, write

TEXTS = [
    "",
    "place:is:Zwolle",
    "place:is:Zwolle,Ommen;owner:is:me",
    "or(owner:is:me;owner:empty);not(place:is:Ommen)",
    "some.organization(place:is:Zwolle);none.moment(when:last:90d);some.tie(with:is:me)",
    "and(or(a:is:1;b:is:2);none.moment())",
    "c.price:between:1.5,2",
    "place:is:a~,b~;c~(d~)e~~f:g",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_read_is_written_the_same(text: str) -> None:
    assert write(parse(text)) == text


def test_a_tree_reads_as_it_stands() -> None:
    assert parse("some.organization(place:is:Zwolle);or(owner:is:me;not(owner:empty))") == (
        Across("organization", True, (Test("place", "is", ("Zwolle",)),)),
        Group("or", (Test("owner", "is", ("me",)), Not(Test("owner", "empty")))),
    )


@pytest.mark.parametrize(
    "text",
    [
        "place", "place:", ":is:x", "place:is:Zwolle;", ";place:is:x", "or()", "and(place:is:x", "not()", "xor(a:is:b)",
        "some.(a:is:b)", "place:is:x)", "(place:is:x)", "PLACE:is:x", "place is x", "\x00", "é:is:x", "a:is:b(c)",
        "(" * 3000, "not(" * 900, "not(" * 6 + "a:is:b" + ")" * 6, "a:is:" + "x" * 201, "a:is:" + "x," * 60 + "x",
        ";".join(["a:is:b"] * 41), "a:is:" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadFilter) as refusal:
        parse(text)

    assert str(refusal.value).endswith(".")
