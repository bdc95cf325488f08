# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures on cards, as the two versions of the standard write them."""

import base64
import binascii

from plein.core.blobs import exists, path_of
from plein.dav.lines import Line

OLD, NEW = "3.0", "4.0"
PHOTO_LIMIT = 5 * 1024 * 1024


def read_photo(line: Line) -> bytes | None:
    """The picture in a line, when it holds one itself and not the address of one."""
    value = line.value.strip()
    if value.startswith("data:"):
        value = value.partition("base64,")[2]
    elif line.param("ENCODING") not in ("b", "base64"):
        return None
    try:
        data = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if 0 < len(data) <= PHOTO_LIMIT else None


def photo_lines(data: bytes, version: str) -> list[Line]:
    """The line that holds a picture, as this version writes it."""
    if not data:
        return []
    kind = {b"\x89P": "png", b"RI": "webp"}.get(data[:2], "jpeg")
    text = base64.b64encode(data).decode()
    if version == NEW:
        return [Line("PHOTO", f"data:image/{kind};base64,{text}")]
    return [Line("PHOTO", text, (("ENCODING", "b"), ("TYPE", kind.upper())))]


def picture_of(sha256: str) -> bytes:
    """The photo of a relation that the reader sees, as it is kept."""
    return path_of(sha256).read_bytes() if exists(sha256) else b""
