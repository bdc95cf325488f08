# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file is by its first bytes; what its sender called it is only believed where that can do no harm."""

UNKNOWN = "application/octet-stream"
#: Pictures a browser may show by itself. A drawing (SVG) can carry script and is never among them.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: How much of a file `sniff` wants to see.
HEAD = 4096

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIPPED = {
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_TEXTS = {"csv": "text/csv", "ics": "text/calendar", "vcf": "text/vcard", "md": "text/markdown"}


def extension_of(name: str) -> str:
    """The part of a name after its last dot, in lower case."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # The head may end in the middle of a character.
        return error.start >= len(head) - 3 and len(head) >= HEAD
    return True


def sniff(head: bytes, name: str = "") -> str:
    """The media type of a file that starts with these bytes."""
    for start, mime in _STARTS:
        if head.startswith(start):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return _ZIPPED.get(extension_of(name), "application/zip")
    if not head or not _is_text(head):
        return UNKNOWN
    lowered = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in lowered:
        return "image/svg+xml"
    if lowered.startswith((b"<!doctype html", b"<html")) or b"<script" in lowered:
        return "text/html"
    if lowered.startswith(b"<?xml"):
        return "application/xml"
    return _TEXTS.get(extension_of(name), "text/plain")
