# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.questions.views import answering, asking, outside

app_name = "questions"
urlpatterns = [
    path("questions/", asking.question_list, name="list"),
    path("questions/new/", asking.ask, name="ask"),
    path("questions/<uuid:question_id>/", answering.question, name="question"),
    path("questions/<uuid:question_id>/answer/", answering.answer, name="answer"),
    path("questions/<uuid:question_id>/pass/", answering.pass_on, name="pass"),
    path("questions/<uuid:question_id>/decline/", answering.decline, name="decline"),
    path("questions/<uuid:question_id>/best/<uuid:answer_id>/", answering.best, name="best"),
    path("questions/<uuid:question_id>/note/", outside.note, name="note"),
    path("questions/<uuid:question_id>/outside/", outside.outside, name="outside"),
    path("questions/<uuid:question_id>/withdraw/", answering.withdraw, name="withdraw"),
]
