# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shows what a company can make itself: fields with values, views in the navigation, a sender and a template."""

from datetime import date, timedelta
from random import Random
from typing import Any

from plein.example.days import Days
from plein.example.rows import Rows
from plein.example.staff import DOMAIN
from plein.example.world import World
from plein.lists.models import PinnedView, SavedView
from plein.metadata.models import Field, FieldGroup
from plein.outbox.models import Identity, Template
from plein.relations.models import RelationValues

Values = dict[str, Any]
HEATING = (("air", "Lucht", "Air"), ("ground", "Bodem", "Ground"), ("hybrid", "Hybride", "Hybrid"))
#: Of organizations: key, type, its words in Dutch and in English, and whatever else it has.
FIELDS: tuple[tuple[str, str, str, str, Values], ...] = (
    ("heat_pump", "choice", "Soort warmtepomp", "Kind of heat pump", {
        "choices": [{"key": key, "nl": dutch, "en": english} for key, dutch, english in HEATING]}),
    ("contract_until", "date", "Contract loopt tot", "Contract runs until", {
        "help_nl": "Een kwartaal van tevoren bellen we.", "help_en": "We call three months before."}),
    ("yearly_turnover", "money", "Omzet per jaar", "Turnover a year", {"settings": {"currency": "EUR", "min": "0"}}),
    ("serviced_by_us", "yes_no", "Onderhoud door ons", "Serviced by us", {}),
)  # fmt: skip
#: Name, question, columns, order.
VIEWS = (
    ("Mijn klanten", "owner:is:me", "place,c.heat_pump,c.contract_until,c.yearly_turnover", "name"),
    ("Al een kwartaal stil", "none.moment(when:last:90d)", "place,owner,c.heat_pump,c.serviced_by_us", "name"),
)
SIGNATURE = """Met vriendelijke groet,

{name}
Noorderlicht Techniek, Hanzelaan 118, Zwolle"""
OFFER = """Dag {{person.given_name}},

Dank voor het gesprek over {{organization.name}}. Zoals beloofd sturen we je hierbij onze offerte.

Heb je vragen, of wil je eerst een installatie horen draaien? Bel of mail gerust."""


class Features:
    """Adds what the company made itself."""

    def __init__(self, rows: Rows, world: World, days: Days, chance: Random) -> None:
        self.rows, self.world, self.days, self.chance = rows, world, days, chance
        self.circle = world.circles["everyone"]

    def show(self) -> None:
        """Fields, views, a sender and a template."""
        self._fields()
        self._views()
        self._mail()

    def _fields(self) -> None:
        group = self.rows.add(FieldGroup(name_nl="Commercieel", name_en="Commercial", circle_id=self.circle))
        fields = {
            key: self.rows.add(
                Field(
                    group_id=group.id,
                    key=key,
                    type=kind,
                    label_nl=dutch,
                    label_en=english,
                    kinds=["organization"],
                    position=place,
                    circle_id=self.circle,
                    **more,
                )
            )
            for place, (key, kind, dutch, english, more) in enumerate(FIELDS)
        }
        today = self.days.now.date()
        for company in self.world.companies:
            if not company.is_customer or company.is_told or self.chance.random() > 0.8:
                continue
            values = {str(fields[key].id): value for key, value in self._values(today).items()}
            self.rows.add(
                RelationValues(
                    relation_id=company.relation_id,
                    group_id=group.id,
                    values=values,
                    filled=dict.fromkeys(values, today.isoformat()),
                    circle_id=self.circle,
                )
            )

    def _values(self, today: date) -> Values:
        values: Values = {"serviced_by_us": self.chance.random() < 0.6}
        if self.chance.random() < 0.7:
            values["heat_pump"] = self.chance.choice(HEATING)[0]
        if values["serviced_by_us"]:
            values["contract_until"] = (today + timedelta(days=self.chance.randrange(-20, 900))).isoformat()
        if self.chance.random() < 0.8:
            values["yearly_turnover"] = {"amount": self.chance.randrange(8, 480) * 25_000, "currency": "EUR"}
        return values

    def _views(self) -> None:
        owner = self.world.owner.seat_id
        for place, (name, question, columns, order) in enumerate(VIEWS, 1):
            view = self.rows.add(
                SavedView(
                    kind="organization",
                    name=name,
                    query=f"f={question}&columns={columns}&sort={order}",
                    owner_id=owner,
                    circle_id=self.circle,
                )
            )
            self.rows.add(PinnedView(seat_id=owner, view_id=view.id, place=place))

    def _mail(self) -> None:
        owner = self.world.owner
        self.rows.add(
            Identity(
                seat_id=owner.seat_id,
                name=owner.name,
                address=f"verkoop@{DOMAIN}",
                signature=SIGNATURE.format(name=owner.name),
            )
        )
        self.rows.add(
            Template(
                kind="template",
                name="Offerte toesturen",
                subject="Onze offerte voor {{organization.name}}",
                text=OFFER,
                circle_id=self.circle,
            )
        )
