# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind of problem the REST door tells of: a code that stays the same, its status, its title, and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Where the page about a kind of problem is; `type` in an answer leads there.
TYPES = "/api/v1/problems/"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem."""

    code: str
    status: int
    title: str | Promise
    advice: str | Promise

    @property
    def type(self) -> str:
        return TYPES + self.code


_ALL = (
    Problem(
        "bad_request",
        400,
        _("This request cannot be read."),
        _("Send a body that is JSON in UTF-8, at most 200 levels deep, and an address without odd characters."),
    ),
    Problem(
        "no_token",
        401,
        _("Send a token that is still good: `Authorization: Bearer …`."),
        _("Make a token under Settings, Tokens, or with `plein token`. A token ends when it expires, when it is"
          " revoked, and when its user or their seat is suspended."),
    ),
    Problem(
        "not_allowed",
        403,
        _("The role of this user does not allow this."),
        _("Ask somebody whose role allows it. Nothing was changed."),
    ),
    Problem(
        "scope_missing",
        403,
        _("The scope of this token does not allow this."),
        _("Make a token with a scope that does; `detail` names it. A scope never allows more than the user's role."),
    ),
    Problem(
        "second_step_missing",
        403,
        _("The user of this token has to set up a second step first."),
        _("They sign in and follow the page that asks for it; the token works again at once. Nothing was changed."),
    ),
    Problem(
        "proof_missing",
        403,
        _("This asks for a proof of who you are, and this token was not made for that."),
        _("Do it in Plein, or make a token that may also do what asks for a proof, under Settings, Tokens. Nothing was"
          " changed."),
    ),
    Problem(
        "not_found",
        404,
        _("There is nothing here."),
        _("It is not there, or not for the eyes of this token's user: the two look the same."),
    ),
    Problem(
        "wrong_method",
        405,
        _("This address does not take that method."),
        _("The header `Allow` names the methods it takes."),
    ),
    Problem(
        "conflict",
        409,
        _("Somebody changed this in the meantime. Read it again, then make your change."),
        _("`conflicts` holds, of each field that differs, what it is now (`theirs`) and what you sent (`yours`), and"
          " `version` the version to base the next attempt on. Nothing was changed."),
    ),
    Problem(
        "not_possible",
        409,
        _("This is not possible now."),
        _("`detail` says why. Read it again: it is not in the state that this act needs."),
    ),
    Problem(
        "undone",
        409,
        _("This was turned back already."),
        _("What was done is undone. Turn back the undoing if you want it after all."),
    ),
    Problem(
        "expired",
        409,
        _("This is more than 30 days ago, so it can no longer be turned back."),
        _("Make the change by hand; its history says what there was."),
    ),
    Problem(
        "erased",
        409,
        _("This was about somebody who asked to be forgotten: nothing of it is kept."),
        _("It cannot be turned back, and neither can anything else about them."),
    ),
    Problem(
        "answered",
        409,
        _("They have read this answer, so it is not turned back."),
        _("Change what came of it: `DELETE /relations/{id}/restriction` uses their data again, and tells them so."),
    ),
    Problem(
        "forgotten",
        409,
        _("Its password is forgotten, so it does not come back."),
        _("Connect the account again; what it heard before is known and does not come twice."),
    ),
    Problem(
        "left",
        409,
        _("This mail has left, or is being sent: it cannot be taken back."),
        _("A mail can be taken back for ten seconds. Its state says how it went."),
    ),
    Problem(
        "not_yours",
        409,
        _("Only who wrote a mail can take it back."),
        _("Ask the colleague who wrote it."),
    ),
    Problem(
        "empty",
        409,
        _("There is nothing to turn back."),
        _("The operation changed nothing that still stands."),
    ),
    Problem(
        "owner",
        409,
        _("Turning this back would leave the workspace without an owner."),
        _("Make somebody else owner first."),
    ),
    Problem(
        "in_progress",
        409,
        _("A request with this Idempotency-Key is being carried out."),
        _("Wait for the seconds in `Retry-After` and send it again: you then get the answer of the first."),
    ),
    Problem(
        "answer_withheld",
        409,
        _("This was done, once; but what it answered may no longer be shown to you."),
        _("The request with this Idempotency-Key was carried out and is not repeated. What it answered names something"
          " that has been removed since, or is no longer for these eyes."),
    ),
    Problem(
        "too_big",
        413,
        _("This is more than one request may carry."),
        _("A body of JSON weighs 4 MB at most, an attached file 100 MB. Send less at once."),
    ),
    Problem(
        "not_understood",
        422,
        _("Part of this request is not understood."),
        _("`fields` says what is wrong with which parameter or field. Nothing was changed."),
    ),
    Problem(
        "idempotency_key_reused",
        422,
        _("This Idempotency-Key was used for another request."),
        _("A key belongs to one request: its method, its address and its body. Take a new key for a new request."),
    ),
    Problem(
        "too_many",
        429,
        _("These are more requests than one token may make in a minute."),
        _("Wait for the seconds in `Retry-After`."),
    ),
    Problem(
        "fault",
        500,
        _("The fault is ours and it has been noted. Nothing was half saved."),
        _("Try again later. When it stays, tell whoever runs this Plein at what time it was."),
    ),
    Problem(
        "not_ready",
        503,
        _("Plein is starting, or its database is away for a moment."),
        _("Wait for the seconds in `Retry-After` and try again."),
    ),
    Problem(
        "no_room",
        507,
        _("There is no room left to write. Reading still works and nothing was lost."),
        _("Whoever runs this Plein has to make room on its disk."),
    ),
)  # fmt: skip
PROBLEMS: dict[str, Problem] = {one.code: one for one in _ALL}
#: What a status means when nothing more is known.
USUAL: dict[int, Problem] = {}
for _one in _ALL:
    USUAL.setdefault(_one.status, _one)
