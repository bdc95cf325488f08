# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to forms for websites. What visitors fill in comes in by the door of visitors alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status

from plein.core.payloads import Impossible, Invalid, act, needs
from plein.trust.circles import UnknownCircle, describe
from plein.trust.seats import seat_of
from plein.webforms import actions
from plein.webforms.actions.making import WORDS
from plein.webforms.api.shapes import FormChanges, FormList, FormOut, FormWords, FormWordsList, NewForm
from plein.webforms.models import FormText, WebForm
from plein.webforms.places import address_of, snippet_of
from plein.webforms.queries import form_with_versions, forms
from plein.webforms.refusals import CannotForm

router = Router(tags=["forms"])


@contextmanager
def _refused() -> Iterator[None]:
    """What cannot be, in the words of the door."""
    try:
        yield
    except CannotForm as trouble:
        raise (Invalid({trouble.field: str(trouble)}) if trouble.field else Impossible(str(trouble))) from trouble
    except UnknownCircle as trouble:
        raise Invalid({"circle": _("Choose one of the circles you are in.")}) from trouble


@router.get("/forms", response=FormList, summary="List the forms for websites")
@needs("manage")
def list_forms(request: HttpRequest) -> FormList:
    """With the words in force, and how many filled them in."""
    del request
    return FormList(items=[_told(one) for one in forms()])


@router.post("/forms", response={201: FormOut}, summary="Make a form for websites")
@needs("manage")
def add_form(request: HttpRequest, payload: NewForm) -> Status[FormOut]:
    """It is open at once. The answer has its address, and the lines for a website."""
    facts = _facts(payload.model_dump())
    with _refused(), act(request, "add_form"):
        made = actions.add_form(actor=seat_of(request), facts=facts)
    return Status(201, _fresh(made.id))


@router.get("/forms/{form_id}", response=FormOut, summary="Read a form for websites")
@needs("manage")
def read_form(request: HttpRequest, form_id: UUID) -> FormOut:
    """With the words in force."""
    del request
    return _fresh(form_id)


@router.patch("/forms/{form_id}", response=FormOut, summary="Change a form for websites")
@needs("manage")
def change_form(request: HttpRequest, form_id: UUID, payload: FormChanges) -> FormOut:
    """Whoever changes it looks after it from then on. What people said yes to stays with the words they saw."""
    found, _texts = _found(form_id)
    given = payload.model_dump(exclude_unset=True)
    based_on = given.pop("version")
    kept = {name: value for name, value in given.items() if value is not None or name == "for_seat"}
    with _refused(), act(request, "change_form"):
        facts = _facts(_present(found) | kept)
        actions.change_form(actor=seat_of(request), form=found, facts=facts, based_on=based_on)
    return _fresh(form_id)


@router.post("/forms/{form_id}/pause", response=FormOut, summary="Close a form for websites")
@needs("manage")
def pause_form(request: HttpRequest, form_id: UUID) -> FormOut:
    """Whoever opens it reads that it is closed. What waits can still be confirmed."""
    found, _texts = _found(form_id)
    with act(request, "close_form"):
        actions.close_form(actor=seat_of(request), form=found)
    return _fresh(form_id)


@router.post("/forms/{form_id}/resume", response=FormOut, summary="Open a form for websites again")
@needs("manage")
def resume_form(request: HttpRequest, form_id: UUID) -> FormOut:
    """Its address is as it was."""
    found, _texts = _found(form_id)
    with act(request, "open_form"):
        actions.open_form(actor=seat_of(request), form=found)
    return _fresh(form_id)


@router.delete("/forms/{form_id}", response={204: None}, summary="Remove a form for websites")
@needs("manage")
def remove_form(request: HttpRequest, form_id: UUID) -> None:
    """What came in by it stays, with the words that people saw; what was not confirmed goes."""
    found, _texts = _found(form_id)
    with act(request, "remove_form"):
        actions.remove_form(actor=seat_of(request), form=found)


@router.get("/forms/{form_id}/words", response=FormWordsList, summary="Read the words a form ever had")
@needs("manage")
def read_form_words(request: HttpRequest, form_id: UUID) -> FormWordsList:
    """The newest first."""
    del request
    return FormWordsList(items=[_words(one) for one in _found(form_id)[1]])


def _found(form_id: UUID) -> tuple[WebForm, list[FormText]]:
    found = form_with_versions(form_id)
    if found is None:
        raise Http404
    return found


def _fresh(form_id: UUID) -> FormOut:
    return _told(_found(form_id)[0])


def _facts(values: dict[str, Any]) -> actions.FormFacts:
    asks = {str(part): str(need) for part, need in values.pop("asks").items()}
    return actions.FormFacts(asks=asks, **values)


def _present(form: WebForm) -> dict[str, Any]:
    """A form as its description was."""
    text = form.wording
    return {
        **{name: getattr(text, name) for name in WORDS},
        **{name: getattr(form, name) for name in ("name", "origins", "work")},
        "for_seat": form.for_seat_id,
        "asks": text.asks,
        "own": [one["key"] for one in text.own],
        "purposes": text.purposes,
    }


def _words(text: FormText) -> FormWords:
    names = ("id", "number", *WORDS, "asks", "purposes", "created_at")
    own = [one["key"] for one in text.own]
    return FormWords(own=own, **{name: getattr(text, name) for name in names})


def _told(one: WebForm) -> FormOut:
    names = ("id", "name", "version", "is_open", "origins", "work", "waiting", "confirmed")
    return FormOut(
        address=address_of(one.key),
        snippet=snippet_of(one.key, one.wording.title),
        for_seat=one.for_seat_id,
        looked_after_by=one.seat_id,
        seen_by=describe(one.circle_id),
        words=_words(one.wording),
        **{name: getattr(one, name) for name in names},
    )
