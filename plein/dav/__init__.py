# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts, agenda and to-dos as other programs know them: cards and calendars.

The door of telephones (CardDAV and CalDAV) and agendas to follow; address books and calendars of other servers that are
kept up with; calendar files that come in; and lists that go out as files by REST, cards and calendars among them.
"""
