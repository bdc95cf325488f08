# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is in the address book twice: everybody compared with everybody, in one go (docs/develop/identity-book.md)."""
