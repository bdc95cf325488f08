# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plein.questions.models import Question
from plein.trust.placed import Placed

QUESTIONS = Placed(
    key="questions",
    thing=_("question"),
    model=Question,
    name_of=lambda question: question.title,
    page=lambda question: reverse("questions:question", args=[question.id]),
    follows=_(
        "Who reads a question is chosen when it is asked, for they are asked at once. Withdraw it, and ask others."
    ),
)
PLACED = (QUESTIONS,)
