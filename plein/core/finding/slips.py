# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody may have meant who typed one letter wrong: the words at one slip from a word.

After Peter Norvig, "How to Write a Spelling Corrector" (2007): one letter left out, doubled or added, replaced, or
swapped with its neighbour. In Dutch names "y" and "ij" count as one letter.
"""

from string import ascii_lowercase

#: Longer words are compared by the letter triples they have in common.
LONGEST = 8


def slips(word: str) -> list[str]:
    """The words at one slip from `word`, itself not among them; only the spelling of "y" for a long word."""
    found = {word.replace("ij", "y"), word.replace("y", "ij")}
    if len(word) <= LONGEST:
        cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
        found |= {left + right[1:] for left, right in cuts if right}
        found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
        found |= {left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase}
        found |= {left + letter + right for left, right in cuts for letter in ascii_lowercase}
    return sorted(found - {word})
