# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a model declares that its table is guarded and found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """How a row becomes a search document: SQL expressions over the row `n`, and what else is joined to it.

    record  the id of the record the document leads to
    kind    the kind of document
    title   a name or a subject, as shown
    words   the tsvector that is searched, NULL when there is nothing to search
    digits  the digits of a phone number
    at      when it occurred
    joins   joins to other tables
    only    which rows become a document
    by_name each word of the title is found while one types its first letters
    """

    record: str
    kind: str
    title: str = "''"
    words: str = "NULL::tsvector"
    digits: str = "''"
    at: str = "NULL::timestamptz"
    joins: str = ""
    only: str = "true"
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the values in the mapped column of a table are kept once more, each in a column of its type.

    table   the table of cells
    record  the column, of both tables, that says which record a value belongs to
    """

    table: str
    record: str


@dataclass(frozen=True, slots=True)
class Isolation:
    """How a table is guarded; the generator of row-level security and triggers reads nothing else.

    has_circle    rows carry the circle of the people who may see them
    is_circle_optional  a row without a circle is everybody's in the workspace
    parents       foreign keys whose circles this row's circle is the intersection of
    own_circle    a column with the narrower circle that somebody chose for this row, if any
    about         the foreign key of the record on whose page this row's history belongs ("" for itself)
    is_recorded   changes are kept before and after, and can be undone
    unrecorded    columns whose changes are not worth keeping, and need no operation
    is_found      the finder may look here
    is_merged     two rows can become one: what pointed at one points at the other
    once          fields in which rows that are alike say the same: when a merge makes two of them so, one stays
    former        a column with the id of a row that became one with the parent: its past goes where the parent goes
    names         columns with text in which others are named by their id, which a merge writes anew
    found         how its rows become search documents, if they do
    wakes         a column with the seat whose open pages hear when its rows come, go or change
    loose         foreign keys that may point at what is gone: nothing is enforced, circles are followed all the same
    mapped        a column that holds many values by key; an undo turns back each key by itself
    cells         where those of its values that are asked for are kept to be looked for
    is_appended   rows are added and never changed or removed by the application, but for the columns in `redacted`
    redacted      what of an appended row may be blanked, when somebody is to be forgotten
    outlasts      an undo does not take the row away again that the operation made
    ends_with_circle  rows go when their circle does; those of other tables stand in its way
    is_log        functions of the database alone write here; outlives what it is about, also the workspace
    """

    has_circle: bool = True
    is_circle_optional: bool = False
    parents: tuple[str, ...] = ()
    own_circle: str = ""
    about: str = ""
    is_recorded: bool = True
    unrecorded: tuple[str, ...] = ()
    is_found: bool = False
    is_merged: bool = False
    once: tuple[str, ...] = ()
    former: str = ""
    names: tuple[str, ...] = ()
    found: Found | None = None
    wakes: str = ""
    loose: tuple[str, ...] = ()
    mapped: str = ""
    cells: Cells | None = None
    is_appended: bool = False
    redacted: tuple[str, ...] = ()
    outlasts: bool = False
    ends_with_circle: bool = False
    is_log: bool = False
