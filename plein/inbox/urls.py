# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.inbox.views import acts, offers, pages, who

app_name = "inbox"
urlpatterns = [
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/<uuid:moment_id>/", pages.message, name="message"),
    path("inbox/<uuid:moment_id>/done/", acts.close, name="close"),
    path("inbox/<uuid:moment_id>/reopen/", acts.reopen, name="reopen"),
    path("inbox/<uuid:moment_id>/later/", acts.snooze, name="snooze"),
    path("inbox/<uuid:moment_id>/assign/", acts.assign, name="assign"),
    path("inbox/<uuid:moment_id>/keep/", acts.keep, name="keep"),
    path("inbox/<uuid:moment_id>/note/", acts.note, name="note"),
    path("inbox/<uuid:moment_id>/offers/", offers.offers, name="offers"),
    path("inbox/<uuid:moment_id>/who/<uuid:participant_id>/", who.who, name="who"),
    path("inbox/<uuid:moment_id>/not/<uuid:participant_id>/", who.not_them, name="not_them"),
]
