# SPDX-License-Identifier: AGPL-3.0-or-later
import gzip
from collections.abc import Callable

from django.test import Client

from plein.trust.models import User

PACKED = {"Accept-Encoding": "gzip, br"}


def test_a_page_travels_compressed_to_who_can_unpack_it(alice: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(alice)
    plain = client.get("/people/")
    packed = client.get("/people/", headers=PACKED)

    assert "Content-Encoding" not in plain.headers and b"</html>" in plain.content
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 3
    assert int(packed.headers["Content-Length"]) == len(packed.content)
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed))


def test_how_much_a_page_shrinks_says_little_about_what_is_in_it(
    alice: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(alice)
    lengths = {len(client.get("/people/", headers=PACKED).content) for _ in range(12)}

    assert len(lengths) > 4


def test_a_file_that_is_taken_out_stays_as_it_is(alice: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(alice)

    answer = client.post("/export/person/", {"view": "", "format": "csv"}, headers=PACKED)

    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers
