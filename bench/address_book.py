# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast people come in from a table, with history, search and a match key on, and the memory it takes."""

from pathlib import Path

from bench.mailbox import bring_in
from bench.measure import CALM
from bench.processes import contention
from bench.server import CACHE, Home, say
from bench.table import Row, at_least, below

SPEED_LIMIT, MEMORY_LIMIT = 1_000.0, 500.0
QUICK, USUAL, LARGE = 10_000, 50_000, 1_000_000
HEAD = "Voornaam;Tussenvoegsel;Achternaam;E-mail;Mobiel;Bedrijf;Functie;Straat;Postcode;Plaats;Geboortedatum;Labels"
GIVEN = ("Ada", "Jan", "Noor", "Sem", "Fatima", "Lars", "Eva", "Daan", "Zoë", "Piet")
FAMILY = ("Bos", "Smit", "Berg", "Visser", "Dijk", "Mulder", "Groot", "Peters", "Yilmaz", "Hendriks")
INFIX = ("", "van", "", "van der", "", "de", "")
PLACES = ("Zwolle", "Deventer", "Kampen", "Raalte", "Hattem", "Ommen")


def _row(number: int) -> str:
    """Somebody invented: one in three has work, one in five an address, one in seven a birthday."""
    given, family = GIVEN[number % 10], f"{FAMILY[number // 10 % 10]}{number // 100}"
    cells = [given, INFIX[number % 7], family, f"{given}.{family}.{number}@post.example".lower()]
    cells += [f"06{number % 100_000_000:08d}" if number % 2 else ""]
    cells += [f"Bedrijf {number % 5_000}", "inkoper"] if number % 3 == 0 else ["", ""]
    cells += [f"Dorpsstraat {number % 300}", "8011 AB"] if number % 5 == 0 else ["", ""]
    cells += [PLACES[number % 6], f"{1950 + number % 50}-03-{1 + number % 28:02d}" if number % 7 == 0 else ""]
    return ";".join([*cells, "klant" if number % 4 == 0 else ""])


def _generated(count: int) -> Path:
    path = CACHE / f"people-{count}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            file.write(HEAD + "\n")
            file.writelines(_row(number) + "\n" for number in range(count))
    return path


def rows(command: str, *, count: int) -> list[Row]:
    """Bring in a generated table, by e-mail addresses as the match key."""
    path = _generated(count)
    say(f"Importing {path.name}")
    home = Home(CACHE / "contacts")
    home.remove()
    busy = contention()
    result, watched, own, database = bring_in(home, "contacts", str(path), "--match", "email")
    busy = max(busy, contention())
    home.remove()
    if not result:
        return [Row(f"People from a table, {count:,} rows", "did not finish", command, is_good=False)]
    many, seconds = int(result["new"]), float(result["seconds"])
    cost = (
        f"{seconds:.0f} s",
        "",
        f"{own / many * 1000:.2f}",
        f"{database / many * 1000:.2f}",
        "",
        "",
        "",
        f"{busy:.2f}",
    )
    speed = at_least(f"People from a table, {many:,} new", many / seconds, SPEED_LIMIT, "/s", command)
    is_good = speed.is_good or (None if busy > CALM else False)
    return [
        Row(speed.words, speed.value, command, speed.goal, is_good, cost),
        below(f"The same of {count:,} rows, most memory at once", watched.peak, MEMORY_LIMIT, "MB", command, digits=0),
    ]
