# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small files to attach: quotations and invoices as PDF, drawings as PNG, order lists as CSV, minutes as TXT."""

import io
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from plein.core import blobs

PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
)
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
WIDTH, HEIGHT = 320, 200
SKY, WALL, ROOF, UNIT, FAN, GROUND = range(6)
PALETTE = bytes((223, 235, 244, 240, 226, 205, 160, 82, 64, 245, 245, 242, 70, 84, 92, 120, 146, 104))


@dataclass(frozen=True, slots=True)
class Paper:
    """A file with its name and kind."""

    name: str
    mime: str
    content: bytes

    def keep(self) -> str:
        """Store the file, once however often it is attached; returns its hash."""
        digest = sha256(self.content).hexdigest()
        return digest if blobs.exists(digest) else blobs.store(io.BytesIO(self.content))


def pdf(name: str, title: str, lines: list[str]) -> Paper:
    """One page with a title and lines."""
    parts = [_shown("F2", 20, 56, 770, title)]
    parts += [_shown("F1", 11, 56, 730 - 18 * place, line) for place, line in enumerate(lines)]
    stream = b"\n".join(parts)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        FONT.format("Helvetica").encode(),
        FONT.format("Helvetica-Bold").encode(),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return Paper(name, "application/pdf", bytes(out))


def _shown(font: str, size: int, across: int, up: int, text: str) -> bytes:
    escaped = text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /%s %d Tf %d %d Td (%s) Tj ET" % (font.encode(), size, across, up, escaped)


@cache
def drawing(name: str, units: int) -> Paper:
    """A house with outdoor units beside it, as a picture in six colours."""
    rows = bytearray()
    for y in range(HEIGHT):
        rows += b"\0" + bytes(_colour(x, y, units) for x in range(WIDTH))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in ((b"IHDR", header), (b"PLTE", PALETTE), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    )
    return Paper(name, "image/png", content)


def _colour(x: int, y: int, units: int) -> int:
    if y > 168:
        return GROUND
    if 24 <= x < 144 and y >= 90:
        return WALL
    if 34 <= y < 90 and abs(x - 84) < (y - 30) * 1.2:
        return ROOF
    place, inside = divmod(x - 158, 52)
    if 0 <= place < units and inside < 44 and 128 <= y <= 168:
        return FAN if (inside - 22) ** 2 + (y - 148) ** 2 < 240 else UNIT
    return SKY


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def order_list(name: str, lines: list[tuple[str, int, str]]) -> Paper:
    """What somebody wants, how many of it and by when, as their spreadsheet exports it."""
    text = "Artikel;Aantal;Levering\r\n" + "".join(f"{what};{many};{by}\r\n" for what, many, by in lines)
    return Paper(name, "text/csv", text.encode("utf-8-sig"))


def note(name: str, text: str) -> Paper:
    """A plain text."""
    return Paper(name, "text/plain", text.encode())
