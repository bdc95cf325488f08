# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with contact moments: record, plan, change, attach, follow up."""

from plein.moments.actions.appointments import (
    Plan,
    cancel_appointment,
    cancel_series,
    change_appointment,
    complete_appointment,
    plan_appointment,
    want_guests,
)
from plein.moments.actions.circles import (
    change_file_circle,
    change_moment_circle,
    change_subject_circle,
    change_text_circle,
    change_todo_circle,
    change_values_circle,
    move_beside,
    move_series,
)
from plein.moments.actions.drafts import discard_draft, draft_of, save_draft
from plein.moments.actions.editing import delete_moment, edit_moment
from plein.moments.actions.files import LARGEST_FILE, FileTooLarge, IncomingFile, attach_files, remove_attachment
from plein.moments.actions.filing import tag_moment, untag_moment
from plein.moments.actions.learning import choose_learned, learn_from_corrections
from plein.moments.actions.mentions import note_mentions, who_would_miss
from plein.moments.actions.outgoing import (
    Correspondent,
    KeptFile,
    OutgoingMail,
    StillLeaving,
    follow_delivery,
    note_said,
    record_outgoing_mail,
)
from plein.moments.actions.participants import Part, rebind_participant
from plein.moments.actions.recognising import correct_recognition, keep_opinions, refile_thread, withdraw_correction
from plein.moments.actions.recording import FollowUp, parts_with, record_moment, roles_of
from plein.moments.actions.series import extend_series
from plein.moments.actions.sharing import begin_hearing, begin_import, preview_share, settle_new, share_mail
from plein.moments.actions.todos import (
    create_todo,
    delete_todo,
    edit_todo,
    make_todo_of_follow_up,
    postpone_todo,
    tick_todo,
    untick_todo,
)
from plein.moments.actions.topics import (
    change_topic,
    may_change_topic,
    refuse_suggestion,
    remove_topic,
    save_topic,
    suggest_topics,
)

__all__ = [
    "LARGEST_FILE",
    "Correspondent",
    "FileTooLarge",
    "FollowUp",
    "IncomingFile",
    "KeptFile",
    "OutgoingMail",
    "Part",
    "Plan",
    "StillLeaving",
    "attach_files",
    "begin_hearing",
    "begin_import",
    "cancel_appointment",
    "cancel_series",
    "change_appointment",
    "choose_learned",
    "keep_opinions",
    "learn_from_corrections",
    "change_file_circle",
    "change_moment_circle",
    "change_subject_circle",
    "change_text_circle",
    "change_todo_circle",
    "change_topic",
    "change_values_circle",
    "complete_appointment",
    "correct_recognition",
    "create_todo",
    "delete_moment",
    "delete_todo",
    "discard_draft",
    "draft_of",
    "edit_moment",
    "edit_todo",
    "extend_series",
    "follow_delivery",
    "make_todo_of_follow_up",
    "move_beside",
    "move_series",
    "note_mentions",
    "parts_with",
    "plan_appointment",
    "postpone_todo",
    "preview_share",
    "rebind_participant",
    "record_moment",
    "note_said",
    "record_outgoing_mail",
    "refile_thread",
    "refuse_suggestion",
    "remove_attachment",
    "remove_topic",
    "roles_of",
    "save_draft",
    "save_topic",
    "suggest_topics",
    "may_change_topic",
    "settle_new",
    "share_mail",
    "tag_moment",
    "tick_todo",
    "untag_moment",
    "untick_todo",
    "who_would_miss",
    "withdraw_correction",
    "want_guests",
]
