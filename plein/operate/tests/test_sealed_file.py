# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sealed file is read by who has the key and by nobody else, and no change to it goes unseen."""

import io
import random
import tracemalloc
from collections.abc import Callable
from typing import IO

import pytest

from plein.operate.sealed_file import HEAD, PIECE, TAG, Changed, OpenedFile, SealingFile, WrongKey, is_sealed

KEY, WORDS = "k" * 40, "paard batterij nietje"
CONTENT = random.Random(1).randbytes(3 * PIECE + 5)  # noqa: S311 — a test wants the same each time


def sealed(content: bytes, **how: str) -> bytes:
    target = io.BytesIO()
    sealing = SealingFile(target, **(how or {"secret": KEY}))
    for start in range(0, len(content), 10_000):
        sealing.write(content[start : start + 10_000])
    sealing.finish()
    return target.getvalue()


def opened(content: bytes) -> bytes:
    return OpenedFile(io.BytesIO(content), keys=["x" * 40, KEY]).readall() or b""


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5])
def test_what_was_sealed_comes_back_whatever_its_length(size: int) -> None:
    made = sealed(CONTENT[:size])

    assert opened(made) == CONTENT[:size]
    assert is_sealed(io.BytesIO(made)) and CONTENT[:32] not in made


def test_it_is_read_from_any_place_as_if_it_lay_open() -> None:
    file = io.BufferedReader(OpenedFile(io.BytesIO(sealed(CONTENT)), keys=[KEY]))
    chance = random.Random(2)  # noqa: S311
    for _time in range(200):
        start, length = chance.randrange(len(CONTENT)), chance.randrange(2 * PIECE)
        file.seek(start)
        assert file.read(length) == CONTENT[start : start + length]
    file.seek(-10, io.SEEK_END)
    assert file.read() == CONTENT[-10:]


def _swapped(made: bytes) -> bytes:
    step = PIECE + TAG
    first, second = made[HEAD : HEAD + step], made[HEAD + step : HEAD + 2 * step]
    return made[:HEAD] + second + first + made[HEAD + 2 * step :]


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the head": lambda made: made[:40] + bytes([made[40] ^ 1]) + made[41:],
    "a byte of a piece": lambda made: made[:90_000] + bytes([made[90_000] ^ 1]) + made[90_001:],
    "the last byte": lambda made: made[:-1] + bytes([made[-1] ^ 1]),
    "cut off in a piece": lambda made: made[:-100],
    "cut off between pieces": lambda made: made[: HEAD + 2 * (PIECE + TAG)],
    "cut off in the head": lambda made: made[: HEAD - 1],
    "nothing but a head": lambda made: made[:HEAD],
    "something added": lambda made: made + b"more",
    "two pieces exchanged": _swapped,
    "a piece left out": lambda made: made[:HEAD] + made[HEAD + PIECE + TAG :],
}


@pytest.mark.parametrize("harm", HARMS)
def test_every_change_is_seen(harm: str) -> None:
    with pytest.raises((Changed, WrongKey)):
        opened(HARMS[harm](sealed(CONTENT)))


def test_a_file_asks_for_what_opens_it() -> None:
    with pytest.raises(WrongKey, match="--key FILE"):
        OpenedFile(io.BytesIO(sealed(b"x")), keys=["another key"])
    locked = sealed(b"x", **{"passphrase": WORDS})
    with pytest.raises(WrongKey, match="--passphrase-file FILE"):
        OpenedFile(io.BytesIO(locked), keys=[KEY])
    with pytest.raises(Changed):
        OpenedFile(io.BytesIO(locked), passphrase=lambda: "another one")
    assert OpenedFile(io.BytesIO(locked), passphrase=lambda: WORDS).readall() == b"x"


class Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def write(self, content: object) -> int:
        return len(content)  # type: ignore[arg-type]


def test_memory_stays_flat_however_much_is_written() -> None:
    target: IO[bytes] = Nowhere()  # type: ignore[assignment]
    piece = bytes(1 << 20)
    sealing = SealingFile(target, secret=KEY)
    tracemalloc.start()
    for _megabyte in range(100):
        sealing.write(piece)
    sealing.finish()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 8_000_000
