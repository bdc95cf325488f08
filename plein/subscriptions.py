# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which jobs follow which events: every reaction across domains, on one page.

A job is enqueued inside the transaction of the action that published the event; when that rolls back, so does the job.
"""

from plein.asking import tasks as asking
from plein.channels import actions, events, house
from plein.core.events import subscribe
from plein.core.operations import when_turned_back
from plein.dav import tasks as dav
from plein.documents import tasks as documents
from plein.erasure import tasks as erasure
from plein.hooks import tasks as hooks
from plein.identity import tasks as identity
from plein.imports import tasks as imports
from plein.inbox import tasks as inbox
from plein.lists import tasks as lists
from plein.metadata import tasks as metadata
from plein.moments import tasks as moments
from plein.mypage import tasks as mypage
from plein.network.actions import tie_followers
from plein.notifications import tasks as notifications
from plein.opinions import tasks as opinions
from plein.outbox import tasks as outbox
from plein.questions import tasks as questions
from plein.relations.actions.colleagues import keep_colleague
from plein.telephone import tasks as telephone
from plein.trust import tasks as trust
from plein.web.panels import register_lists
from plein.webforms import tasks as webforms

subscribe(events.ImportPlanned, moments.enqueue_scan)
subscribe(events.HearingWanted, moments.enqueue_visit)
subscribe(events.ImportResumed, moments.enqueue_import)
subscribe(events.ImportTurnedBack, moments.enqueue_undo)
subscribe(imports.BookChosen, imports.enqueue_look)
subscribe(imports.BookResumed, imports.enqueue_bringing)
subscribe(imports.BookTurnedBack, imports.enqueue_undo)
subscribe(moments.MailBroughtIn, moments.enqueue_brought_in)
subscribe(moments.MomentRecorded, moments.enqueue_recorded)
subscribe(moments.TextChanged, moments.enqueue_changed)
subscribe(moments.TextsWritten, moments.enqueue_written)
# The words of what comes with moments are read when it is there, and found from then on.
subscribe(moments.MomentRecorded, documents.enqueue_recorded)
subscribe(moments.FilesAttached, documents.enqueue_attached)
subscribe(moments.MomentsBroughtIn, documents.enqueue_brought_in)
subscribe(moments.EnoughSaid, moments.enqueue_learning)
subscribe(moments.ReadOtherwise, moments.enqueue_reading_again)
subscribe(moments.TopicsChanged, moments.enqueue_topics)
subscribe(lists.BulkResumed, lists.enqueue_change)
subscribe(lists.UndoAsked, lists.enqueue_undo)
subscribe(identity.BookAsked, identity.enqueue_book)
subscribe(metadata.FieldAskedFor, metadata.enqueue_filling)
subscribe(trust.ResetWanted, trust.enqueue_reset)
subscribe(trust.Invited, trust.enqueue_invitation)
subscribe(trust.SecondFactorRemoved, trust.enqueue_removed_factor)
trust.letters.carried_by(house.has_server, house.carry)
subscribe(outbox.MailQueued, outbox.enqueue_delivery)
subscribe(moments.GuestsWanted, outbox.tell_wanted)
subscribe(mypage.PageWanted, mypage.enqueue_link)
subscribe(mypage.RequestMade, mypage.enqueue_request)
subscribe(mypage.RequestAnswered, mypage.enqueue_answer)
subscribe(mypage.RestrictionLifted, mypage.enqueue_lifted)
outbox.offer_own_page(mypage.link_in_letter, mypage.is_in_footer)
subscribe(asking.ColleagueAsked, asking.enqueue_turn)
subscribe(asking.TurnOver, asking.enqueue_end)
subscribe(asking.RequestMoved, asking.enqueue_next)
subscribe(asking.LetterReady, asking.enqueue_letter)
outbox.offer_filling(asking.LINK, asking.link_in_mail)
asking.answered_at(mypage.whole_address)
subscribe(questions.ColleagueAsked, questions.enqueue_turn)
subscribe(questions.TurnOver, questions.enqueue_end)
subscribe(questions.RingAsked, questions.enqueue_next_ring)
subscribe(questions.QuestionPassed, questions.enqueue_widening)
subscribe(questions.QuestionAnswered, questions.enqueue_news)
when_turned_back("send_mail", outbox.take_back)
when_turned_back("answer_invitation", outbox.take_back)
when_turned_back("invite_guests", outbox.take_back_invitations)
when_turned_back("tell_guests", outbox.take_back_invitations)
# A program may plan and invite in one.
when_turned_back("plan_appointment", outbox.take_back_invitations)
when_turned_back("change_appointment", outbox.take_back_invitations)
when_turned_back("remove_connection", actions.stay_removed)
when_turned_back("ask_introduction", asking.take_back_request)
when_turned_back("ask_question", questions.take_back_question)
when_turned_back("ask_outside", questions.take_back_outside)
when_turned_back("answer_question", questions.take_back_answer)
when_turned_back("erase_subject", erasure.never_back)
subscribe(hooks.DeliveryTaken, hooks.enqueue_handling)
subscribe(hooks.TellingWanted, hooks.enqueue_telling)
subscribe(hooks.OutHookStopped, hooks.enqueue_stopped)
subscribe(webforms.FormFilled, webforms.enqueue_mail)
subscribe(hooks.CallRings, telephone.receive_call)
telephone.watch_rings()
subscribe(moments.ColleaguesMentioned, notifications.tell_mentioned)
subscribe(moments.ToDoAssigned, notifications.tell_assigned)
subscribe(moments.ReminderDue, notifications.tell_reminded)
subscribe(notifications.RelationAssigned, notifications.tell_given)
subscribe(moments.MomentRecorded, notifications.tell_of_moment)
subscribe(notifications.JobChanged, notifications.tell_of_job)
subscribe(outbox.MailRefused, notifications.tell_of_refused_mail)
subscribe(outbox.MailUncertain, notifications.tell_of_uncertain_mail)
subscribe(events.ConnectionStopped, notifications.tell_of_stopped_connection)
subscribe(notifications.Told, notifications.follow_up)
subscribe(mypage.PersonErased, erasure.enqueue_finish, mypage.enqueue_last_word)
# What came in is in the inbox from the first moment on, and an answer closes it in the same act: both run at once.
subscribe(moments.MomentRecorded, inbox.receive)
subscribe(moments.MomentsBroughtIn, inbox.receive)
subscribe(webforms.FormConfirmed, inbox.give_form)
# Who is connected with whom comes in with the archive that tells it, and goes again with it.
subscribe(moments.FollowsHeard, tie_followers)
# What stands in a calendar or an address book elsewhere is written together with the place to go on from.
subscribe(moments.EntriesHeard, dav.take_in)
subscribe(events.VisitEnded, dav.enqueue_writing_back)
subscribe(outbox.MailQueued, inbox.close_answered)
subscribe(outbox.MailSent, inbox.close_answered)
subscribe(moments.DraftBegun, inbox.tell_answering)
subscribe(moments.MomentsRecognised, inbox.tell_filed, opinions.enqueue_asking)
subscribe(moments.OpinionsKept, inbox.tell_filed)
subscribe(opinions.EndpointChosen, opinions.enqueue_asking)
inbox.watch_inbox()
subscribe(inbox.MessageAssigned, notifications.tell_given_message)
# The colleague is a person from the first moment on: this reaction runs at once, in the same transaction.
subscribe(trust.SeatGiven, keep_colleague)
subscribe(trust.ColleagueRenamed, keep_colleague)
# Jobs on whole views need the lists too, in processes that know no addresses.
register_lists()
