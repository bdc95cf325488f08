# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of telephones and calendars: contacts, agenda and to-dos by CardDAV and CalDAV, and agendas to follow."""
