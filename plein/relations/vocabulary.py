# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of this domain, in the spelling of schema.org and vCard."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RelationKind(models.TextChoices):
    """Somebody or some body."""

    PERSON = "person", _("person")
    ORGANIZATION = "organization", _("organization")


class ContactKind(models.TextChoices):
    """The kinds of contact point."""

    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("phone")
    HANDLE = "handle", _("name on a network")
    URL = "url", _("web page")
    POSTAL = "postal", _("postal address")


class Source(models.TextChoices):
    """Where a fact came from."""

    HAND = "hand", _("entered by hand")
    MAIL = "mail", _("from mail")
    IMPORT = "import", _("from an import")
    EXAMPLE = "example", _("example company")


class TieKind(models.TextChoices):
    """The kinds of tie; a directed one reads from one to the other."""

    FAMILY = "family", _("family of")
    FRIEND = "friend", _("friend of")
    EX_COLLEAGUE = "ex_colleague", _("former colleague of")
    REFERRED_BY = "referred_by", _("referred by")
    ADVISED = "advised", _("advised")
    SUPPLIER_OF = "supplier_of", _("supplier of")
    CUSTOMER_OF = "customer_of", _("customer of")
    PART_OF = "part_of", _("part of")
    KNOWS = "knows", _("knows")
    CONNECTED = "connected", _("connected with")
    FOLLOWS = "follows", _("follows")


#: How a directed tie reads from the other end; the others read the same both ways.
INVERSE_WORDING = {
    TieKind.REFERRED_BY: _("referred"),
    TieKind.ADVISED: _("advised by"),
    TieKind.SUPPLIER_OF: _("customer of"),
    TieKind.CUSTOMER_OF: _("supplier of"),
    TieKind.PART_OF: _("parent of"),
    TieKind.FOLLOWS: _("followed by"),
}


#: Kinds over which one asks for an introduction only where that was noted of the tie itself.
NOT_FOR_ASKING = frozenset({TieKind.FAMILY})


#: Kinds of which one notes what came of it: who brought us whom, and who gave whom advice.
ADVICE = frozenset({TieKind.REFERRED_BY, TieKind.ADVISED})


def tie_wording(kind: str, *, is_outgoing: bool) -> str:
    """How a tie of a kind that Plein has itself reads from one of its ends; of another, its key is all there is."""
    if kind not in TieKind.values:
        return kind.replace("_", " ")
    tie = TieKind(kind)
    if is_outgoing or tie not in INVERSE_WORDING:
        return str(tie.label)
    return str(INVERSE_WORDING[tie])


#: Words that stand for something else where ties are brought in: no kind of a company's own is called so there.
TIE_WORDS_TAKEN = frozenset({
    "member_of", "colleague", "visit", "meeting", "call", "voicemail", "letter", "email", "text", "chat", "post",
    "note",
})  # fmt: skip


class End(models.TextChoices):
    """Who may stand at an end of a tie."""

    EITHER = "", _("a person or an organization")
    PERSON = "person", _("a person")
    ORGANIZATION = "organization", _("an organization")


class TieOutcome(models.TextChoices):
    """What came of a referral, or of advice."""

    OPEN = "open", _("open")
    CUSTOMER = "customer", _("became a customer")
    NO = "no", _("came to nothing")


class TieStrength(models.TextChoices):
    """What the network makes of a tie of a company's own kind."""

    NONE = "none", _("none: it is no way to anybody")
    WEAK = "weak", _("weak")
    ORDINARY = "ordinary", _("ordinary")
    STRONG = "strong", _("strong")
    EXACT = "exact", _("as strong as I say")


class DateKind(models.TextChoices):
    """The kinds of important date."""

    BIRTHDAY = "birthday", _("birthday")
    ANNIVERSARY = "anniversary", _("anniversary")
    CONTRACT = "contract", _("contract ends")
    OTHER = "other", _("other day")
