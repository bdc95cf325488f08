# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one can ask about mail that leaves."""

from plein.outbox.queries.answering import Answer, answer_to
from plein.outbox.queries.asking import purposes_for_mail, who_knows
from plein.outbox.queries.mails import mail_of, mails, with_scheduled
from plein.outbox.queries.people import Reachable, reachable, relation_behind
from plein.outbox.queries.posting import PostAnswer, post_answer_to
from plein.outbox.queries.seen import as_seen, files_seen
from plein.outbox.queries.senders import OWN, Sender, chosen, company_domains, is_of_company, sender_named, senders_of
from plein.outbox.queries.templates import snippet_called, templates_for
from plein.outbox.queries.values import Values, values_for

__all__ = [
    "OWN",
    "Answer",
    "PostAnswer",
    "Reachable",
    "Sender",
    "Values",
    "answer_to",
    "as_seen",
    "chosen",
    "company_domains",
    "files_seen",
    "is_of_company",
    "mail_of",
    "mails",
    "post_answer_to",
    "purposes_for_mail",
    "reachable",
    "relation_behind",
    "sender_named",
    "senders_of",
    "snippet_called",
    "templates_for",
    "values_for",
    "who_knows",
    "with_scheduled",
]
