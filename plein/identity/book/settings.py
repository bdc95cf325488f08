# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a book is compared by: the fields, which pairs are looked at, and of these a settings object of Splink.

The levels are those of `plein.identity.comparing`, and the numbers come from outside: a model that is kept has numbers
only. One definition serves DuckDB and Spark: it is written in DuckDB's words, and `said_in` turns them into Spark's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import splink.comparison_level_library as levels
from splink import SettingsCreator, block_on
from splink.comparison_library import CustomComparison

from plein.identity.book.extra import DUCKDB
from plein.identity.comparing import ELSEWHERE, EMAIL, FIELDS, FLOOR, HANDLE, NAME, PHONE, WEIGHED_BY, Field

#: A key that more people have than this says too little by itself: they are looked at by another key, or not at all.
MOST_ALIKE = 60
#: The columns by whose values a level of the name weighs more or less.
COLUMNS = {"full": "full_name", "family": "last_core", "given": "fn"}
#: What Spark calls what DuckDB calls otherwise. How alike two words are it asks by names of our own: what Splink brings
#: for it reckons otherwise, and of one letter with itself says that they are nothing alike.
_WORDS = {
    "list_has_any": "arrays_overlap",
    "jaro_winkler_similarity": "plein_jaro_winkler",
    "damerau_levenshtein": "plein_damerau_levenshtein",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a model learned: how often each level is seen in one person and in two, and how many pairs are one."""

    m: Mapping[str, Mapping[str, float]]
    u: Mapping[str, Mapping[str, float]]
    expected: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How one kind of book is compared.

    `made` are columns that are made of others, in SQL. `weighed_by` is by field and level the column whose value makes
    it rarer; what Splink is to weigh by a column has a level that asks for that column alone, and `said` says it so.
    `keys` are columns that together bring two people side by side. `certain` are rules that hardly ever err, of which
    `recall` of the true pairs is found; `learning` the two ways in which pairs are gathered to learn from. In a small
    book two with one address are half of it: so how common a value is counts together with what is `usual`, by column
    the level that says so, among so many people `elsewhere`. A pair is none where
    `unless` holds, in SQL over the levels by their place.
    """

    fields: tuple[Field, ...]
    weighed_by: Mapping[tuple[str, str], str]
    keys: tuple[tuple[str, ...], ...]
    certain: tuple[tuple[str, ...], ...]
    recall: float
    learning: tuple[tuple[str, ...], ...]
    made: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unless: str = "false"
    usual: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    elsewhere: int = 0
    most_alike: int = MOST_ALIKE

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values are counted."""
        return tuple(sorted(set(self.weighed_by.values())))


#: How a surname sounds, roughly: its first letter and its consonants, of those that sound alike one.
_SOUND = (
    "left(last_core, 1) || regexp_replace(translate(replace(replace(replace(replace(replace(substr(last_core, 2),"
    " 'ij', 'y'), 'ck', 'k'), 'ph', 'f'), 'dt', 't'), 'th', 't'), 'zvd', 'sft'), '[aeiouyh]', '', 'g')"
)
#: Beside names: an address on which a whole office is heard, a place where half the book lives, say less.
_RARER = {
    ("email", "same"): "email",
    ("email", "local"): "email_local",
    ("phone", "same"): "phone",
    ("handle", "same"): "handle",
    ("organization", "same"): "company_core",
    ("place", "same"): "place_core",
}
#: Colleagues share a firm, a town and often a first name: with another name only an address that is the same says more.
_UNLIKE = f"level_name IN ({', '.join(str(NAME.place(one)) for one in ('family', 'given', 'other'))})" + "".join(
    f" AND coalesce(level_{one.key}, -1) <> {one.place('same')}" for one in (EMAIL, PHONE, HANDLE)
)
#: An address book of people.
BOOK = Plan(
    fields=FIELDS,
    made={
        "full_name": "last_core || ' ' || fn",
        "turned": "least(last_core, fn) || ' ' || greatest(last_core, fn)",
        "initial": "left(fn, 1)",
        "fn_root": "coalesce(fn_roots[1], fn)",
        "sound": _SOUND,
    },
    said={("name", "full"): "full_name_l = full_name_r"},
    weighed_by={("name", level): COLUMNS[of] for level, of in WEIGHED_BY.items()} | _RARER,
    keys=(
        ("email",),
        ("phone",),
        ("handle",),
        ("email_local",),
        ("full_name", "company_core"),
        ("full_name", "place_core"),
        ("last_core", "initial", "company_core"),
        ("last_core", "initial", "place_core"),
        ("last_core", "initial", "postcode"),
        ("fn", "company_core"),
        ("last_core", "company_core"),
        ("sound", "company_core"),
        ("sound", "fn"),
        ("fn_root", "last_core"),
        ("turned",),
    ),
    certain=(("email", "last_core"), ("phone", "last_core"), ("full_name", "company_core", "place_core")),
    recall=0.6,
    learning=(("email",), ("full_name", "place_core")),
    unless=_UNLIKE,
    usual={
        "full_name": ("name", "full"),
        "last_core": ("name", "family"),
        "fn": ("name", "given"),
        "email": ("email", "same"),
        "email_local": ("email", "local"),
        "phone": ("phone", "same"),
        "handle": ("handle", "same"),
        "company_core": ("organization", "same"),
        "place_core": ("place", "same"),
    },
    elsewhere=ELSEWHERE,
)


def creator(
    plan: Plan, numbers: Numbers | None = None, *, people: int = 1_000_000, dialect: str = DUCKDB
) -> SettingsCreator:
    """The settings object, for one engine; with the numbers of a model in it when there are any."""
    extra: dict[str, Any] = {}
    if numbers is not None:
        extra["probability_two_random_records_match"] = min(numbers.expected / max(people, 1), 0.5)
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=[_comparison(plan, one, numbers, dialect) for one in plan.fields],
        blocking_rules_to_generate_predictions=[block_on(key_name(place)) for place in range(len(plan.keys))],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
        max_iterations=50,
        **extra,
    )


def said_in(dialect: str, sql: str) -> str:
    """The same condition in the words of an engine."""
    if dialect == DUCKDB:
        return sql
    for ours, theirs in _WORDS.items():
        sql = sql.replace(f"{ours}(", f"{theirs}(")
    return sql


def key_name(place: int) -> str:
    """The column in which a key of the plan stands."""
    return f"key_{place}"


def _comparison(plan: Plan, of: Field, numbers: Numbers | None, dialect: str) -> CustomComparison:
    missing = levels.CustomLevel(said_in(dialect, of.missing), label_for_charts="unknown", base_dialect_str=dialect)
    made: list[Any] = [missing.configure(is_null_level=True)]
    for level in of.levels:
        told: dict[str, Any] = {}
        column = plan.weighed_by.get((of.key, level.key))
        if column:
            told["tf_adjustment_column"] = column
        if numbers is not None:
            told["m_probability"] = max(numbers.m[of.key][level.key], FLOOR)
            told["u_probability"] = max(numbers.u[of.key][level.key], FLOOR)
        one = (
            levels.ElseLevel()
            if level is of.levels[-1]
            else levels.CustomLevel(
                said_in(dialect, plan.said.get((of.key, level.key), level.sql)),
                label_for_charts=level.key,
                base_dialect_str=dialect,
            )
        )
        made.append(one.configure(**told) if told else one)
    return CustomComparison(comparison_levels=made, output_column_name=of.key)
