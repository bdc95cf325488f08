# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attaches a file to a message when the message speaks of one."""

from datetime import timedelta
from random import Random

from plein.example import papers
from plein.example.dealing import Deal
from plein.example.library import Message
from plein.example.papers import Paper
from plein.example.rows import Rows
from plein.example.staff import NAME
from plein.example.writing import Filling
from plein.moments.models import Attachment, Moment, MomentText

MOST = 84
MINUTES_TEXT = """Verslag {project}
{bedrijf}, {plaats}

1. Planning doorgenomen, akkoord op hoofdlijnen.
2. Levering in {aantal} delen, eerste na {datum}.
3. Aandachtspunt: geluid bij de erfgrens, meten in de nacht.
4. Volgend overleg: {dag} {tijd}.
"""


class Stationery:
    """Makes and attaches files, not too many."""

    def __init__(self, rows: Rows, chance: Random) -> None:
        self.rows, self.chance = rows, chance

    def attach(self, deal: Deal, message: Message, moment: Moment, told: MomentText, filling: Filling) -> None:
        """Attach a file when this message is likely to have one."""
        if self.rows.count(Attachment) >= MOST:
            return
        paper = self._paper(deal, message, filling)
        if paper is None:
            return
        self.rows.add(
            Attachment(
                moment_id=moment.id,
                text_id=told.id,
                name=paper.name,
                mime=paper.mime,
                size=len(paper.content),
                sha256=paper.keep(),
                circle_id=told.circle_id,
            )
        )

    def _paper(self, deal: Deal, message: Message, filling: Filling) -> Paper | None:
        luck, channel, values = self.chance.random(), deal.thread.channel, filling.values
        is_mail = channel in ("email", "letter")
        if is_mail and message.is_ours and "{offerte}" in message.text and luck < 0.3:
            return _priced(f"Offerte {values['offerte']}", deal, values)
        if is_mail and message.is_ours and "{factuur}" in message.text and luck < 0.2:
            return _priced(f"Factuur {values['factuur']}", deal, values)
        if channel in ("visit", "text") and deal.thread.team == "service" and luck < 0.1:
            return papers.drawing("opstelling.png", 1 + int(values["aantal"]) % 3)
        if channel == "email" and not message.is_ours and "{order}" in message.text and luck < 0.2:
            lines = [
                (values["product"], int(values["aantal"]), values["dag"]),
                ("Muurbeugel zwart", int(values["aantal"]) * 2, values["dag"]),
            ]
            return papers.order_list(f"bestelling-{values['order']}.csv", lines)
        if channel == "meeting" and luck < 0.12:
            return papers.note("verslag.txt", filling.fill(MINUTES_TEXT))
        return None


def _priced(title: str, deal: Deal, values: dict[str, str]) -> Paper:
    until = deal.start + timedelta(days=30)
    lines = [
        f"Voor: {deal.company.name}, {deal.company.place}",
        f"Betreft: {values['project']}",
        "",
        f"{values['aantal']} x {values['product']}",
        "Levering en inbedrijfstelling",
        "",
        f"Totaal exclusief btw: {values['bedrag']}",
        f"Geldig tot {until:%d-%m-%Y}",
        "",
        f"{NAME}, Zwolle",
    ]
    return papers.pdf(f"{title}.pdf", title, lines)
