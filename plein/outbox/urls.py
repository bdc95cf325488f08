# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.outbox.views import guests, invitations, mails, say, settings, write

app_name = "outbox"
urlpatterns = [
    path("relations/<uuid:relation_id>/mail/", write.write, name="write"),
    path("relations/<uuid:relation_id>/mail/draft", write.draft, name="draft"),
    path("moments/<uuid:moment_id>/reply/", write.reply, name="reply"),
    path("moments/<uuid:moment_id>/reply/draft", write.reply_draft, name="reply_draft"),
    path("moments/<uuid:moment_id>/invitation/", invitations.answer_invitation, name="answer_invitation"),
    path("moments/<uuid:moment_id>/guests/", guests.guests, name="guests"),
    path("moments/<uuid:moment_id>/mail/", mails.of_moment, name="of_moment"),
    path("connections/<uuid:connection_id>/post/", say.post, name="post"),
    path("outbox/", mails.outbox, name="outbox"),
    path("outbox/people/", write.people, name="people"),
    path("outbox/snippet/", write.snippet, name="snippet"),
    path("outbox/<uuid:mail_id>/", mails.mail, name="mail"),
    path("outbox/<uuid:mail_id>/edit/", write.edit, name="edit"),
    path("outbox/<uuid:mail_id>/<slug:act>/", mails.decide, name="decide"),
    path("settings/identities/", settings.identities, name="identities"),
    path("settings/identities/<uuid:identity_id>/", settings.identity_change, name="identity_change"),
    path("settings/identities/<uuid:identity_id>/remove/", settings.identity_remove, name="identity_remove"),
    path("settings/templates/", settings.templates, name="templates"),
    path("settings/templates/<uuid:template_id>/", settings.template_change, name="template_change"),
    path("settings/templates/<uuid:template_id>/remove/", settings.template_remove, name="template_remove"),
]
