# SPDX-License-Identifier: AGPL-3.0-or-later
"""The examples of the manual do what they say: each line of curl is carried out, with real ids where it has dots."""

import json
import re
import shlex
from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from plein.api.tests.conftest import Answer, Caller, Calling
from plein.api.tests.world import World, fill
from plein.testing.cast import Cast
from plein.testing.home import ROOT

BASES = ("$BASE", "http://localhost:8000/api/v1")


def examples() -> Iterator[list[str]]:
    """Every curl of the manual, taken apart as a shell would."""
    manual = (ROOT / "docs" / "use" / "api.md").read_text()
    for block in re.findall(r"^```sh\n(.*?)^```", manual, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("curl"):
                yield shlex.split(line)


def carried_out(caller: Caller, words: list[str], world: World) -> Answer:
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    [address] = [word for word in words if word.startswith(BASES)]
    for base in BASES:
        address = address.removeprefix(base)
    whose = world.moment if address.startswith("/moments") else world.person
    path, _mark, query = address.replace("…", str(whose)).partition("?")
    if "-F" in words:
        name = words[words.index("-F") + 1].partition("=")[0]
        return caller.upload(path, **{name: SimpleUploadedFile("roof.jpg", b"\xff\xd8\xff")})
    body = None
    if "-d" in words:
        body = json.loads(words[words.index("-d") + 1].replace("…", str(world.person)))
        if "version" in body:
            body["version"] = caller.read(path)["version"]
    return caller.send(method, path, dict(part.split("=", 1) for part in query.split("&") if part), json=body)


def test_every_example_of_the_manual_works(cast: Cast, calling: Calling) -> None:
    world, caller = fill(cast.alice), calling(cast.bob, "write")
    found = list(examples())
    assert len(found) >= 5

    for words in found:
        answer = carried_out(caller, words, world)
        assert 200 <= answer.status_code < 300, (words, answer.content)
