# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom cards name as related are tied, in whatever order they stand, and who is in a group is filed under it."""

from pathlib import Path

from plein.core.operations import undo
from plein.imports.actions import Wishes
from plein.imports.models import MatchKey
from plein.imports.tests.test_contacts import bring, written
from plein.relations.models import Tagging, Tie
from plein.testing.factories import make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered


def card(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD", ""))


BOOK = (
    card("UID:urn:uuid:ada", "FN:Ada Bos", "EMAIL:ada@bos.example", "RELATED;TYPE=spouse:urn:uuid:jan")
    + card("UID:urn:uuid:jan", "FN:Jan Smit", "RELATED;TYPE=child;VALUE=text:Kind Smit")
    + card("FN:Kind Smit", "RELATED;TYPE=assistant:mailto:ada@bos.example", "RELATED;VALUE=text:Niemand Hier")
    + card("FN:Piet Dubbel", "RELATED;TYPE=friend;VALUE=text:Kees Dubbel")
    + card("UID:urn:uuid:club", "FN:Fietsclub", "KIND:group", "MEMBER:urn:uuid:ada", "MEMBER:urn:uuid:jan")
)


def ties(user: User) -> set[tuple[str, str, str, str]]:
    with entered(user):
        rows = Tie.objects.values_list("one__name", "other__name", "kind", "note")
        return {(*sorted((one, other)), kind, note) for one, other, kind, note in rows}  # type: ignore[misc]


def test_whom_a_card_names_is_tied_and_members_of_a_group_are_filed(alice: User, bob: User, tmp_path: Path) -> None:
    with entered(alice):
        # Of two with one name nobody knows which is meant; one whom Bob may not see is nobody to him.
        make_person("Kees Dubbel")
        make_person("Kees Dubbel")
        make_person("Niemand Hier", circle_id=only_me())
    path = written(tmp_path, BOOK, "book.vcf")
    wishes = Wishes(circle="everyone", match=MatchKey.SEEMS)

    done = bring(bob, path, wishes)
    first = ties(bob)
    again = bring(bob, path, wishes)

    assert (done.counts["new"], done.counts["skipped"], done.counts["ties"]) == (4, 1, 3), done.counts
    assert first == {
        ("Ada Bos", "Jan Smit", "family", ""),
        ("Jan Smit", "Kind Smit", "family", ""),
        ("Ada Bos", "Kind Smit", "knows", "assistant"),
    }
    assert ties(bob) == first and "ties" not in again.counts
    with entered(bob):
        tagged = set(Tagging.objects.filter(tag__name="Fietsclub").values_list("relation__name", flat=True))
        assert tagged == {"Ada Bos", "Jan Smit"}
        undo(done.operation_id)  # type: ignore[arg-type]
        assert not Tie.objects.exists()
