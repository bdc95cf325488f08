# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells from the headers whether a person wrote a message, or a list, a campaign, an absence assistant or a server."""

import re

from plein.channels.base import Nature
from plein.channels.connectors.mail.headers import Headers, first, squeezed
from plein.channels.connectors.mail.mime import content_type

_DAEMON = re.compile(
    r"(?:^|[<\s\"(])(?:mailer[-_.]?daemon|mail[-_]daemon|post_?master|mdaemon|mail[-_.]?delivery|maildeliverysystem"
    r"|mail-?subsystem|bounce-?admin|no-?reply-?bounce)[^@\s]*(?:@|$|[>\s\"])"
    r"|mail delivery (?:sub)?system|mail administrator|system administrator|delivery subsystem",
    re.IGNORECASE,
)
_FAILURE_SUBJECT = re.compile(
    r"undeliver(?:ed|able)|returned? (?:mail|to sender|message)|delivery (?:status|failure|failed|notification|report"
    r"|unsuccessful|error|has failed|delayed)|(?:mail|message|non)[ -]?delivery|failure notice|failed (?:mail|delivery)"
    r"|mail (?:system error|could not|failure|error|delayed)|could ?n.t be delivered|not delivered|warning: .*mail"
    r"|message (?:status|could not|you sent|delayed|denied|not)|user unknown|unknown user|unzustellbar"
    r"|onbestelbaar|niet (?:worden )?(?:afgeleverd|bezorgd)|fehlgeschlagen|non remis|unable to deliver"
    r"|(?:abuse|feedback|spam|complaint) report|could not be delivered|error sending|permanent error|failed"
    r"|配信できません|届けられません|配信不能",
    re.IGNORECASE,
)
# Senders that announce bounces and complaints in a form of their own: sender, then subject.
_VENDORS = (
    (re.compile(r"@sns\.amazonaws\.com"), re.compile(r"AWS Notification Message\Z")),
    (re.compile(r"staff@hotmail\.com"), re.compile(r"complaint about message from ")),
    (re.compile(r"no-reply@[^@]*\.(?:dion|auone-net|ezweb)\.(?:ne\.)?jp"), re.compile(r"Mail\Z")),
)
_VACATION = re.compile(
    r"out of (?:the )?office|auto(?:matic|mated)?[- ]?(?:reply|response|antwoord)|automatisch antwoord|afwezig"
    r"|niet aanwezig|vakantie|vacation|abwesen|absence",
    re.IGNORECASE,
)
_LIST_ID = re.compile(r"<\s*([^<>]+?)\s*>\s*\Z")
_CAMPAIGN = (
    "feedback-id",
    "x-campaign",
    "x-campaignid",
    "x-campaign-id",
    "x-mailchimp-id",
    "x-mc-user",
    "x-mandrill-user",
    "x-sg-eid",
    "x-csa-complaints",
    "x-mailer-campaign",
    "x-job",
    "x-cid",
    "x-roving-id",
    "x-emarsys-identify",
    "x-newsletter",
    "x-mailgun-tag",
    "x-postmark-tag",
    "x-report-abuse",
)
_LIST_MARKS = (
    "list-id",
    "list-post",
    "mailing-list",
    "x-mailing-list",
    "x-mailman-version",
    "x-beenthere",
    "list-help",
)
_ABSENCE_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-response", "x-vacation", "x-apple-criteria")


def nature_of(headers: Headers) -> Nature:
    """Return what kind of message these headers announce."""
    if is_bounce(headers):
        return "bounce"
    if _is_auto_reply(headers):
        return "auto_reply"
    if headers.keys().isdisjoint(_BULK_HINTS):
        return "personal"
    return _bulk_nature(headers)


def is_bounce(headers: Headers) -> bool:
    """Tell whether a mail server wrote this about mail it could not deliver, or a provider about a complaint."""
    kind, parameters = content_type(first(headers, "content-type"), "")
    if kind == "multipart/report":
        report = parameters.get("report-type", "delivery-status").lower()
        if report in ("delivery-status", "feedback-report", "global-delivery-status"):
            return True
        if report == "disposition-notification":
            return False
    if not headers.keys().isdisjoint(("x-failed-recipients", "x-loop-bounce", "x-hmxmroriginalrecipient")):
        return True
    return _is_bounce_by_sender(headers, squeezed(headers, "subject"))


def _is_bounce_by_sender(headers: Headers, subject: str) -> bool:
    failed = bool(_FAILURE_SUBJECT.search(subject))
    sender = f"{first(headers, 'from')} {first(headers, 'sender')}"
    nobody = "<>" in (first(headers, "return-path").replace(" ", ""), first(headers, "from").replace(" ", ""))
    answered = first(headers, "auto-submitted").strip().lower() == "auto-replied"
    if headers.keys().isdisjoint(("list-id", "list-post")) and _DAEMON.search(sender):
        # A postmaster may also write as a person: then it takes a subject or an empty return path.
        return failed or (nobody and not answered) or "postmaster" not in sender.lower()
    if any(who.search(sender) and what.match(subject) for who, what in _VENDORS):
        return True
    automatic = first(headers, "auto-submitted").lower().startswith("auto-")
    return (nobody or automatic) and failed and not _VACATION.search(subject)


def _is_auto_reply(headers: Headers) -> bool:
    submitted = first(headers, "auto-submitted").strip().lower()
    if submitted.startswith(("auto-replied", "auto-reply")):
        return True
    if not headers.keys().isdisjoint(_ABSENCE_MARKS):
        return True
    if first(headers, "precedence").strip().lower() in ("auto_reply", "auto-reply", "autoreply"):
        return True
    hinted = bool(
        submitted.startswith("auto-")
        or "x-auto-response-suppress" in headers
        or first(headers, "return-path").strip() == "<>"
        or first(headers, "precedence").strip().lower() in ("bulk", "junk")
    )
    return hinted and bool(_VACATION.search(squeezed(headers, "subject")))


_BULK_HINTS = frozenset((*_CAMPAIGN, *_LIST_MARKS, "list-unsubscribe", "list-unsubscribe-post", "precedence"))


def _bulk_nature(headers: Headers) -> Nature:
    campaign = not headers.keys().isdisjoint(_CAMPAIGN)
    leaving = "list-unsubscribe" in headers or "list-unsubscribe-post" in headers
    posting = first(headers, "list-post").strip()
    discussion = bool(posting) and not posting.upper().startswith("NO")
    precedence = first(headers, "precedence").strip().lower()
    if discussion or "mailing-list" in headers or "x-beenthere" in headers or "x-mailman-version" in headers:
        return "list"
    if "list-unsubscribe-post" in headers or campaign:
        return "newsletter"
    if leaving:
        return "list" if precedence == "list" else "newsletter"
    if not headers.keys().isdisjoint(_LIST_MARKS) or precedence == "list":
        return "list"
    return "newsletter" if precedence in ("bulk", "junk") else "personal"


def list_of(headers: Headers) -> tuple[str, str]:
    """Return the identifier and the name of the list a message came through, each "" when there is none."""
    value = squeezed(headers, "list-id")
    if not value:
        return "", ""
    found = _LIST_ID.search(value)
    if not found:
        return value.strip("<> ")[:300].lower(), ""
    return found[1][:300].lower(), value[: found.start()].strip().strip('"')[:300]
