# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who somebody is: identity, not signing in. Whether this author, follower or caller is somebody we know, and why."""
