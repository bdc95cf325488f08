# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes members out of packed files, no more of them and no larger than an honest file has."""

import zipfile
import zlib
from io import BytesIO

from plein.documents.files.limits import Limits, Refused

_PIECE = 256 * 1024


class Packed:
    """A packed file. What is taken out of it is counted as it comes: the sizes it names may be lies."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as trouble:
            raise Refused("This file is damaged: its parts cannot be taken out.") from trouble
        self._limits, self._left = limits, limits.unpacked
        if len(self._archive.infolist()) > limits.members:
            raise Refused("This file is packed of more parts than any honest one. It was not read.")

    @property
    def names(self) -> list[str]:
        """The names of its members."""
        return self._archive.namelist()

    def read(self, name: str) -> bytes:
        """The bytes of a member; nothing when there is none."""
        try:
            info = self._archive.getinfo(name)
        except KeyError:
            return b""
        parts: list[bytes] = []
        size = 0
        try:
            with self._archive.open(info) as member:
                while piece := member.read(_PIECE):
                    size += len(piece)
                    self._judge(size, info.compress_size)
                    parts.append(piece)
        except Refused:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as trouble:
            raise Refused("This file is damaged, or closed with a password.") from trouble
        self._left -= size
        return b"".join(parts)

    def _judge(self, size: int, packed: int) -> None:
        swells = size > self._limits.ratio_from and size > packed * self._limits.ratio
        if size > self._left or swells:
            raise Refused("This file unpacks to far more than it is. It was not read.")
