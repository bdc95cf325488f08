# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.moments.queries.reading import MomentLine
from plein.moments.queries.timeline import one_moment


@dataclass(frozen=True, slots=True)
class MomentDetail:
    """A moment as its own page shows it: the text in the parts that are read, folded away, or signed."""

    line: MomentLine
    said: str
    quoted: str
    signature: str
    #: Where in the whole text begins what is said.
    said_from: int = 0

    @property
    def has_html(self) -> bool:
        return bool(self.line.html.strip())


def _parts(text: str, quote_from: int | None, signature_from: int | None) -> tuple[str, str, str]:
    """Cut a text at its offsets: what is said, what is quoted, the signature; they stand in either order."""
    cuts = sorted(
        (place, name)
        for place, name in ((quote_from, "quoted"), (signature_from, "signature"))
        if place is not None and 0 <= place < len(text)
    )
    found = {"said": text[: cuts[0][0]] if cuts else text, "quoted": "", "signature": ""}
    for place, (start, name) in enumerate(cuts):
        end = cuts[place + 1][0] if place + 1 < len(cuts) else len(text)
        found[name] = text[start:end]
    return found["said"].strip("\r\n "), found["quoted"].strip("\r\n"), found["signature"].strip("\r\n")


def moment_detail(moment_id: UUID) -> MomentDetail | None:
    """A moment for its own page, or None for what may not be seen."""
    line = one_moment(moment_id)
    if line is None:
        return None
    said, quoted, signature = _parts(line.text, line.quote_from, line.signature_from)
    return MomentDetail(line, said, quoted, signature, line.text.find(said) if said else 0)
