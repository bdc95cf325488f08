# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein generate --people N --moments M --seed S`: a workspace of any size, the same for the same seed."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from plein.core.ids import now
from plein.generate.bulk import Say, derive_network, open_tables

HERE = Path(__file__).parent
PEOPLE_PER_ORGANIZATION = 5
#: Of the moments, at most so many are still to come: the agenda of one colleague.
MOST_PLANNED = 40
WORDS = (
    "offerte,storing,levering,planning,factuur,warmtepomp,buitenunit,subsidie,onderhoud,garantie,bezoek,prijs,vraag,"
    "bestelling,service,contract,meting,geluid,ventilatie,renewal,quotation,delivery,invoice,meeting"
)
SENTENCES = (
    "De monteur komt donderdagochtend langs om de buitenunit te controleren.|"
    "We wachten nog op akkoord van de directie.|"
    "Graag voor het einde van de maand een nieuwe prijsopgave sturen.|"
    "De levering is een week uitgesteld door de fabriek.|"
    "Zij vroeg of het geluid in de nacht lager kan.|Het subsidieloket heeft de aanvraag goedgekeurd.|"
    "Volgende week bellen we over het onderhoudscontract.|De factuur klopt niet met de bestelling.|"
    "Hij wil eerst een referentie zien in de buurt.|We spraken af dat inkoop de voorwaarden nakijkt.|"
    "Please send a revised offer before the renewal date.|The delivery terms were agreed in the last meeting.|"
    "De installatie draait naar tevredenheid.|Er is een storing gemeld in de technische ruimte.|"
    "Ze zoeken een leverancier voor de nieuwe sporthal.|De planning voor het voorjaar is bijna vol.|"
    "Goed gesprek gehad over de samenwerking.|Nog even nabellen over de openstaande post.|"
    "De gemeente vraagt een tekening van de opstelling.|Het filter moet elk half jaar worden vervangen."
)


@dataclass(frozen=True, slots=True)
class Generated:
    """What was made, and in how many seconds."""

    people: int
    organizations: int
    moments: int
    seconds: float


def _names(cursor: CursorWrapper, table: str, file: str) -> None:
    cursor.execute(f"CREATE TEMP TABLE {table} (n integer, name text) ON COMMIT DROP")
    with (HERE / "data" / file).open(newline="") as source:
        names: Iterable[tuple[int, str]] = ((place, row["name"]) for place, row in enumerate(csv.DictReader(source)))
        cursor.executemany(f"INSERT INTO {table} (n, name) VALUES (%s, %s)", list(names))


def generate(*, workspace: int, circle: int, seat: UUID, people: int, moments: int, seed: int, say: Say) -> Generated:
    """Fill a workspace with invented people (a fifth as many organizations) and moments, some of them this seat's."""
    started = perf_counter()
    organizations = max(1, people // PEOPLE_PER_ORGANIZATION)
    parameters: dict[str, int | str | datetime | UUID] = {
        "workspace": workspace,
        "circle": circle,
        "seat": seat,
        "people": people,
        "organizations": organizations,
        "moments": moments,
        "planned": min(MOST_PLANNED, moments // 100),
        "seed": seed,
        "until": now().replace(hour=0, minute=0, second=0, microsecond=0),
        "words": WORDS,
        "sentences": SENTENCES,
    }
    with open_tables(say) as cursor:
        for table, file in (
            ("made_forename", "forenames.csv"),
            ("made_surname", "surnames.csv"),
            ("made_place", "places.csv"),
        ):
            _names(cursor, table, file)
        statements = [part for part in (HERE / "sql" / "synthetic.sql").read_text().split(";\n") if part.strip()]
        for number, statement in enumerate(statements, start=1):
            say(f"Making data, step {number} of {len(statements)}")
            cursor.execute(statement, parameters)
    derive_network(workspace, say)
    return Generated(people, organizations, moments, perf_counter() - started)
