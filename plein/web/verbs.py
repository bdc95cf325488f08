# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was done, as a sentence for people: one for every operation that Plein knows."""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "accept_proposals": _("Added proposed people"),
    "add_never_contact": _("Put addresses on the list that is never used"),
    "add_purpose": _("Added a purpose"),
    "begin_subject": _("Began to keep what a person decides"),
    "bring_purpose_back": _("Brought a purpose back into use"),
    "change_purpose": _("Changed a purpose"),
    "import_consents": _("Brought in what people decided"),
    "delete_due": _("Deleted what was kept long enough"),
    "put_off_retention": _("Kept for now what was old enough to go"),
    "set_retention": _("Chose how long data are kept"),
    "record_consent": _("Noted what somebody decided"),
    "record_consents": _("Noted what people decided"),
    "redact_subject": _("Blanked what somebody decided, but for the proof"),
    "remove_never_contact": _("Took an address off the list that is never used"),
    "retire_purpose": _("Retired a purpose"),
    "set_step_choice": _("Chose whether to be asked for introductions"),
    "set_steps": _("Chose who may be asked for introductions"),
    "add_field": _("Added a field"),
    "add_field_group": _("Started a group of fields"),
    "add_contact_point": _("Added an address or number"),
    "add_important_date": _("Added a day that matters"),
    "add_interest": _("Added an interest"),
    "add_membership": _("Added a role at an organization"),
    "add_tie": _("Added a tie"),
    "allow_contact": _("Allowed contact again"),
    "allow_contact_point": _("Allowed an address again"),
    "assign_relations": _("Changed the owner"),
    "assign_todos": _("Gave to-dos to somebody"),
    "attach_files": _("Attached files"),
    "bring_field_back": _("Brought a field back into use"),
    "cancel_appointment": _("Cancelled an appointment"),
    "cancel_series": _("Cancelled appointments that repeat"),
    "change_appointment": _("Changed an appointment"),
    "change_circle": _("Changed who sees a relation"),
    "change_mail_server": _("Changed the mail server"),
    "change_field": _("Changed a field"),
    "change_field_group": _("Changed a group of fields"),
    "change_moment_circle": _("Changed who sees a contact moment"),
    "change_sign_in": _("Changed a way to sign in"),
    "delete_moments": _("Removed contact moments"),
    "delete_todos": _("Removed to-dos"),
    "edit_moments": _("Changed contact moments"),
    "edit_todos": _("Changed to-dos"),
    "move_moments": _("Changed who sees contact moments"),
    "plan_todos": _("Gave to-dos a day"),
    "remove_sign_in": _("Removed a way to sign in"),
    "change_seat": _("Changed what a colleague may do"),
    "change_subject_circle": _("Changed who sees a subject"),
    "change_team": _("Changed a team"),
    "change_text_circle": _("Changed who sees a text"),
    "change_view": _("Changed a view"),
    "change_workspace": _("Changed the company's settings"),
    "complete_appointment": _("Recorded how an appointment went"),
    "create_organization": _("Added an organization"),
    "create_person": _("Added a person"),
    "create_todo": _("Added a to-do"),
    "delete_moment": _("Removed a contact moment"),
    "delete_relation": _("Removed a relation"),
    "delete_relations": _("Removed relations"),
    "delete_todo": _("Removed a to-do"),
    "delete_view": _("Removed a view"),
    "edit_contact_point": _("Changed an address or number"),
    "edit_membership": _("Changed a role at an organization"),
    "edit_moment": _("Changed a contact moment"),
    "edit_relation": _("Changed a relation"),
    "edit_relations": _("Changed relations"),
    "edit_tie": _("Changed a tie"),
    "edit_todo": _("Changed a to-do"),
    "end_membership": _("Ended a role at an organization"),
    "extend_series": _("Planned the next appointments of a series"),
    "export_list": _("Took a list along as a file"),
    "forbid_contact": _("Noted that somebody is not to be contacted"),
    "forbid_contact_point": _("Noted that an address is not to be used"),
    "generate": _("Made invented data"),
    "give_seat": _("Gave a colleague a seat"),
    "ignore_proposals": _("Set proposed people aside"),
    "import_mail": _("Brought mail in"),
    "invite": _("Invited a colleague"),
    "load_example": _("Loaded the example company"),
    "keep_identity": _("Changed a sender of mail"),
    "keep_template": _("Changed a template"),
    "keep_colleague": _("Gave a colleague a page"),
    "move_relations": _("Changed who sees relations"),
    "make_primary": _("Chose the first address or number"),
    "make_team": _("Started a team"),
    "move_field": _("Put fields in another order"),
    "move_field_group": _("Put groups of fields in another order"),
    "move_appointment": _("Moved an appointment"),
    "plan_appointment": _("Planned an appointment"),
    "postpone_todo": _("Put a to-do off"),
    "rebind_participant": _("Corrected who took part"),
    "record_moment": _("Recorded a contact moment"),
    "remove_attachment": _("Removed an attachment"),
    "remove_example": _("Removed the example company"),
    "remove_field_group": _("Removed a group of fields"),
    "remove_identity": _("Removed a sender of mail"),
    "remove_template": _("Removed a template"),
    "remove_important_date": _("Removed a day that matters"),
    "remove_interest": _("Removed an interest"),
    "remove_mail_server": _("Took the mail server away"),
    "remove_membership": _("Removed a role at an organization"),
    "remove_photo": _("Removed a photo"),
    "remove_tie": _("Removed a tie"),
    "restore_contact_point": _("Put an address or number back"),
    "revoke_contact_point": _("Took back an address or number"),
    "retire_field": _("Retired a field"),
    "set_values": _("Filled in fields"),
    "set_values_of_many": _("Filled in a field for many"),
    "send_mail": _("Sent a mail"),
    "save_view": _("Saved a view"),
    "set_photo": _("Changed a photo"),
    "change_tag": _("Changed a tag"),
    "delete_tag": _("Removed a tag everywhere"),
    "merge_relations": _("Made one relation of two"),
    "merge_tags": _("Merged tags"),
    "tag_moment": _("Filed a contact moment under a tag"),
    "tag_moments": _("Tagged contact moments"),
    "tick_todos": _("Ticked to-dos"),
    "untag_moment": _("Took a tag off a contact moment"),
    "tag": _("Added a tag"),
    "tag_relations": _("Tagged relations"),
    "tick_todo": _("Did a to-do"),
    "undo": _("Turned something back"),
    "untag": _("Removed a tag"),
    "untag_moments": _("Removed a tag from contact moments"),
    "untag_relations": _("Removed a tag from relations"),
    "untick_todo": _("Reopened a to-do"),
}
UNKNOWN = gettext_lazy("Changed something")
DOORS: dict[str, str | Promise] = {
    "api": _("through the API"),
    "assistant": _("by an assistant"),
    "cli": _("from the command line"),
    "setup": _("while setting up"),
    "worker": _("in the background"),
    "job": _("in the background"),
    "import": _("by an import"),
}


def sentence(verb: str) -> str:
    """What was done, in words."""
    return str(VERBS.get(verb, UNKNOWN))


def undone_sentence(verb: str) -> str:
    """What was turned back, in words."""
    return gettext("Turned back: %(what)s") % {"what": sentence(verb).lower()}


def door(name: str) -> str:
    """Through which door it came in; nothing for the pages themselves."""
    return str(DOORS.get(name, ""))


def rows(count: int, most: int) -> str:
    """How much was changed, counted no further than `most`."""
    if count > most:
        return gettext("more than %(count)s changes") % {"count": most}
    return ngettext("%(count)s change", "%(count)s changes", count) % {"count": count}
