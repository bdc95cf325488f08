# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with mail that leaves: write, send, take back, decide; and who it comes from and is made of."""

from plein.outbox.actions.answering import answer_invitation
from plein.outbox.actions.delivering import (
    begin_delivery,
    end_delivery,
    fail_delivery,
    give_up,
    hold_back,
    mark_sending,
    note_no_copy,
)
from plein.outbox.actions.identities import IdentityFacts, keep_identity, remove_identity
from plein.outbox.actions.inviting import (
    check_invitable,
    check_to_come,
    take_back_invitations,
    tell_guests,
    tell_whoever_is_to_know,
)
from plein.outbox.actions.sending import (
    BACK_SECONDS,
    call_off,
    reschedule,
    say_it_arrived,
    send_again,
    send_mail,
    take_back,
)
from plein.outbox.actions.templates import TemplateFacts, keep_template, remove_template
from plein.outbox.actions.writing import Content, Said, add_files, discard_mail, keep_mail, keep_post, remove_file
from plein.outbox.fillings import offer_filling
from plein.outbox.own_page import offer_own_page
from plein.outbox.underway import Underway

__all__ = [
    "offer_filling",
    "offer_own_page",
    "BACK_SECONDS",
    "Content",
    "IdentityFacts",
    "Said",
    "TemplateFacts",
    "Underway",
    "add_files",
    "answer_invitation",
    "begin_delivery",
    "call_off",
    "check_invitable",
    "check_to_come",
    "discard_mail",
    "end_delivery",
    "fail_delivery",
    "give_up",
    "hold_back",
    "keep_identity",
    "keep_mail",
    "keep_post",
    "keep_template",
    "mark_sending",
    "note_no_copy",
    "remove_file",
    "remove_identity",
    "remove_template",
    "reschedule",
    "say_it_arrived",
    "send_again",
    "send_mail",
    "take_back",
    "take_back_invitations",
    "tell_guests",
    "tell_whoever_is_to_know",
]
