# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unpacks the body of an answer piece by piece, so that a small one that swells into gigabytes stops at the limit."""

import zlib
from collections.abc import Iterable


class TooMuch(ValueError):
    """It is more than may be taken in."""


class Shrunk(ValueError):
    """It ended before its end."""


#: gzip or zlib, whichever its first bytes say.
_EITHER = 47
_RAW = -15


def unpack(pieces: Iterable[bytes], encoding: str, most_bytes: int) -> bytes:
    """Put the pieces of a body together as text was before it was packed; raises TooMuch, Shrunk, or ValueError."""
    names = [name for name in encoding.lower().replace(" ", "").split(",") if name and name != "identity"]
    if not names:
        return _joined(pieces, most_bytes)
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        raise ValueError("packed in a way that was not asked for")
    try:
        return _unpacked(pieces, most_bytes)
    except zlib.error as trouble:
        raise ValueError("not packed as it says") from trouble


def _joined(pieces: Iterable[bytes], most_bytes: int) -> bytes:
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) > most_bytes:
            raise TooMuch
    return bytes(found)


def _unpacked(pieces: Iterable[bytes], most_bytes: int) -> bytes:
    found = bytearray()
    packed = 0
    reader = None
    for piece in pieces:
        packed += len(piece)
        if packed > most_bytes:
            raise TooMuch
        if reader is None:
            # Some machines send deflate without the head that the standard asks for.
            has_head = piece[0] & 0x0F == 8 or piece[:2] == b"\x1f\x8b" or len(piece) < 2
            reader = zlib.decompressobj(_EITHER if has_head else _RAW)
        found += reader.decompress(piece, most_bytes - len(found) + 1)
        if len(found) > most_bytes:
            raise TooMuch
    if reader is not None and not reader.eof:
        raise Shrunk
    return bytes(found)
