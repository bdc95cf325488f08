# SPDX-License-Identifier: AGPL-3.0-or-later
"""The differences with the expected figures that are known, each with what is found instead and why."""

type Known = dict[tuple[str, str], tuple[object, str]]

_NESTED = "A message inside a message is kept whole as one file, so that it can be opened; the count walks into it."
_NOT_MAIL = "The file is no mail (settings, nothing at all, or text without headers): it is reported, not imported."
_TWICE = "The same address stands twice in one line: it counts once."
_SPACE = "What stands between the commas holds spaces and is no address: it is kept as a name."
_AT_NAME = "A display name with an at sign is a name: the address is the one in angle brackets."
_UTF8 = "Addresses may be written in UTF-8 (RFC 6532); the domain is stored in its ASCII form."
_STRAY_LINE = "A line without a colon among the headers does not end them: the lines after it still count."
_BROKEN_MULTIPART = "One boundary holds spaces and is not found by Python; here the message counts by its header."
_REUSED = "Boundary lines directly after each other enclose an empty part, which Python skips; no file comes of it."
_EMPTY_NAME = "The part is marked as an external body with a name: it counts as a named part."
_NO_LOCAL = (
    "An address without anything before the at sign, or with a semicolon in it, reaches nobody: it is kept as a name."
)
_CONTROL = "An address of which the name is a control character reaches nobody: it is kept as a name."
_QUOTED_LOCAL = "Two addresses with stray quotes and brackets inside reach nobody: they are kept as names."
_YEAR = "The year 0102 is impossible: the message is imported without a date and says so."
_BOUNCES = (
    "Of the other nine six are absence notices (rfc3834-*: auto_reply), two are notices of a list, one is "
    "an unsubscribe mail."
)
_REPORTS = "Delivery reports in a vendor's variation or further down count too."

EXPLAINED: Known = {
    ("enron-12-mailboxes.tar.xz", "all/distinct_addresses_from_to_cc_bcc"): (18392, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "all/directed_ties_from_to"): (64523, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "all/undirected_ties"): (60532, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "all/tie_messages_total"): (282895, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/lay-k/distinct_addresses_from_to_cc_bcc"): (6392, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/lay-k/directed_ties_from_to"): (12740, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/lay-k/undirected_ties"): (12487, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/lay-k/tie_messages_total"): (40121, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/skilling-j/distinct_addresses_from_to_cc_bcc"): (3193, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/skilling-j/directed_ties_from_to"): (6240, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/skilling-j/undirected_ties"): (6093, _QUOTED_LOCAL),
    ("enron-12-mailboxes.tar.xz", "per_mailbox/skilling-j/tie_messages_total"): (28659, _QUOTED_LOCAL),
    ("spamassassin-easy_ham.tar.xz", "distinct_addresses_from_to_cc_bcc"): (593, _CONTROL),
    ("spamassassin-easy_ham.tar.xz", "directed_ties_from_to"): (1091, _CONTROL),
    ("spamassassin-easy_ham.tar.xz", "undirected_ties"): (1031, _CONTROL),
    ("spamassassin-easy_ham.tar.xz", "tie_messages_total"): (3232, _CONTROL),
    ("spamassassin-easy_ham.tar.xz", "with_named_attachment"): (16, _NESTED),
    ("spamassassin-hard_ham.tar.xz", "distinct_addresses_from_to_cc_bcc"): (268, _NO_LOCAL),
    ("spamassassin-hard_ham.tar.xz", "directed_ties_from_to"): (191, _NO_LOCAL),
    ("spamassassin-hard_ham.tar.xz", "undirected_ties"): (191, _NO_LOCAL),
    ("spamassassin-hard_ham.tar.xz", "tie_messages_total"): (237, _NO_LOCAL),
    ("spamassassin-spam.tar.xz", "distinct_addresses_from_to_cc_bcc"): (1329, _NO_LOCAL),
    ("spamassassin-spam.tar.xz", "directed_ties_from_to"): (1385, _NO_LOCAL),
    ("spamassassin-spam.tar.xz", "undirected_ties"): (1385, _NO_LOCAL),
    ("spamassassin-spam.tar.xz", "tie_messages_total"): (1459, _NO_LOCAL),
    ("spamassassin-spam.tar.xz", "first_date_utc"): ("2001-07-13T08:53:02+00:00", _YEAR),
    ("spamassassin-spam.tar.xz", "unparsable_or_missing_date"): (16, _YEAR),
    ("spamassassin-spam.tar.xz", "multipart"): (99, _BROKEN_MULTIPART),
    ("mime-mikel-mail.tar.gz", ".gitattributes/bytes"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", ".gitattributes/parts"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", ".gitattributes/attachments"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", ".gitattributes/top_type"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", ".gitattributes/has_calendar"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", ".gitattributes/from_"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", ".gitattributes/to_n"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", "attachment_emails/attachment_message_rfc822.eml/parts"): (2, _NESTED),
    ("mime-mikel-mail.tar.gz", "attachment_emails/attachment_message_rfc822_inline_image.eml/attachments"): (
        2,
        _NESTED,
    ),
    ("mime-mikel-mail.tar.gz", "attachment_emails/attachment_pdf.eml/to_n"): (1, _TWICE),
    ("mime-mikel-mail.tar.gz", "attachment_emails/attachment_pdf_lf.eml/to_n"): (1, _TWICE),
    ("mime-mikel-mail.tar.gz", "attachment_emails/attachment_pdf_non_ascii.eml/to_n"): (1, _TWICE),
    ("mime-mikel-mail.tar.gz", "attachment_emails/attachment_pdf_non_ascii_lf.eml/to_n"): (1, _TWICE),
    ("mime-mikel-mail.tar.gz", "error_emails/missing_body.eml/to_n"): (0, _NO_LOCAL),
    ("mime-mikel-mail.tar.gz", "mime_emails/raw_email_with_mimepart_without_content_type.eml/parts"): (3, _NESTED),
    ("mime-mikel-mail.tar.gz", "multipart_report_emails/multi_address_bounce1.eml/parts"): (3, _NESTED),
    ("mime-mikel-mail.tar.gz", "multipart_report_emails/multi_address_bounce2.eml/parts"): (3, _NESTED),
    ("mime-mikel-mail.tar.gz", "multipart_report_emails/multipart_report_multiple_status.eml/parts"): (3, _NESTED),
    ("mime-mikel-mail.tar.gz", "multipart_report_emails/report_422.eml/parts"): (3, _NESTED),
    ("mime-mikel-mail.tar.gz", "multipart_report_emails/report_530.eml/parts"): (3, _NESTED),
    ("mime-mikel-mail.tar.gz", "plain_emails/mix_caps_content_type.eml/from_"): ([], _SPACE),
    ("mime-mikel-mail.tar.gz", "plain_emails/raw_email_incorrect_header.eml/from_"): (["xxx@xxx.xxx"], _STRAY_LINE),
    ("mime-mikel-mail.tar.gz", "plain_emails/raw_email_incorrect_header.eml/to_n"): (1, _STRAY_LINE),
    ("mime-mikel-mail.tar.gz", "plain_emails/raw_email_multiple_from.eml/from_"): ([], _SPACE),
    ("mime-mikel-mail.tar.gz", "plain_emails/raw_email_multiple_from.eml/to_n"): (0, _SPACE),
    ("mime-mikel-mail.tar.gz", "plain_emails/raw_email_with_at_display_name.eml/from_"): (
        ["test@lindsaar.net", "jack@lindsar.com"],
        _AT_NAME,
    ),
    ("mime-mikel-mail.tar.gz", "plain_emails/raw_email_with_at_display_name.eml/to_n"): (3, _AT_NAME),
    ("mime-mikel-mail.tar.gz", "rfc2822/example11.eml/to_n"): (1, _SPACE),
    ("mime-mikel-mail.tar.gz", "rfc6532/utf8_headers.eml/from_"): (["jdöe@xn--mchine-bua.example"], _UTF8),
    ("mime-mikel-mail.tar.gz", "sample_output_multipart/bytes"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", "sample_output_multipart/parts"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", "sample_output_multipart/attachments"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", "sample_output_multipart/top_type"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", "sample_output_multipart/has_calendar"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", "sample_output_multipart/from_"): (None, _NOT_MAIL),
    ("mime-mikel-mail.tar.gz", "sample_output_multipart/to_n"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_16.txt/parts"): (3, _NESTED),
    ("mime-cpython.tar.gz", "msg_19.txt/bytes"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_19.txt/parts"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_19.txt/attachments"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_19.txt/top_type"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_19.txt/has_calendar"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_19.txt/from_"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_19.txt/to_n"): (None, _NOT_MAIL),
    ("mime-cpython.tar.gz", "msg_36.txt/attachments"): (1, _EMPTY_NAME),
    ("mime-cpython.tar.gz", "msg_37.txt/parts"): (7, _REUSED),
    ("mime-cpython.tar.gz", "msg_43.txt/parts"): (3, _NESTED),
    ("bounces-sisimai.tar.gz", "bounce"): (487, _BOUNCES),
    ("bounces-sisimai.tar.gz", "with_rfc3464_part"): (268, _REPORTS),
    ("mime-mikel-mail.tar.gz", "rfc2822/example13.eml/to_n"): (1, _STRAY_LINE),
}
