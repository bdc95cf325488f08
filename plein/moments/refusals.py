# SPDX-License-Identifier: AGPL-3.0-or-later
class OutOfSight(Exception):
    """What came with this id is here already and not for its sender to see: it was narrowed since, or never theirs.

    To the sender it is as if it was taken in, for anything else would tell what is there.
    """
