# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message can be, in one place: labels, moods, degrees of haste and kinds of mention."""

#: Several at once may hold; none may.
LABELS = (
    "question",
    "request",
    "complaint",
    "praise",
    "buying_intent",
    "churn_threat",
    "job_change",
    "introduction_request",
    "referral",
    "idea",
    "appointment",
    "payment_promise",
    "payment_dispute",
    "small_talk",
    "business",
)
SENTIMENTS = ("negative", "neutral", "positive")
#: 0 none, 1 within days, 2 now.
URGENCIES = (0, 1, 2)
PERSON, ORGANIZATION, PRODUCT, DATE, AMOUNT = "person", "organization", "product", "date", "amount"
PHONE, EMAIL, URL, ADDRESS = "phone", "email", "url", "address"
#: What a model was taught to mark, and what has a form of its own.
TAUGHT = (PERSON, ORGANIZATION, PRODUCT, DATE, AMOUNT)
FORMED = (PHONE, EMAIL, URL, ADDRESS)
CHANNELS = ("mail", "chat", "post", "forum", "note", "voice")
