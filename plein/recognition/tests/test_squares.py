# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the fast way says of authors who are left out is what a machine says that was made without them."""

import numpy as np
import pytest

sparse = pytest.importorskip("scipy.sparse")
pytest.importorskip("sklearn")

from plein.recognition.training.squares import left_out_twice, squares  # noqa: E402
from plein.recognition.training.together import concluded  # noqa: E402

DRAW = np.random.default_rng(3)
AUTHORS = np.array([["ann", "bo", "cy"][at % 3] for at in range(90)])
FEATURES = sparse.csr_matrix(DRAW.normal(size=(90, 12)).astype(np.float32))
FORM = DRAW.normal(size=(90, 2)).astype(np.float32)
#: The second output is mostly the contrary of the first.
FIRST = (FEATURES[:, 0].toarray().ravel() + 0.5 * DRAW.normal(size=90) > 0).astype(np.int8)
WANTED = np.stack([FIRST, np.where(DRAW.random(90) < 0.9, 1 - FIRST, FIRST)], axis=1).astype(np.int8)


def made_anew(unread: list[str], judged: str) -> np.ndarray:
    """Scores of one author by a machine that is made without some."""
    kept = ~np.isin(AUTHORS, unread)
    features = FEATURES[kept]
    scores: np.ndarray = squares(features, WANTED[kept]).fitted(features).scores(FEATURES[judged == AUTHORS])
    return scores


def test_an_author_is_left_out_without_fitting_anew() -> None:
    left = left_out_twice(squares(FEATURES, WANTED), list(AUTHORS))
    for author in ("ann", "bo", "cy"):
        assert np.allclose(left.scores[author == AUTHORS], made_anew([author], author), atol=1e-4)
    assert np.allclose(left.without["bo"][AUTHORS == "cy"], made_anew(["bo", "cy"], "cy"), atol=1e-4)
    assert np.allclose(left.without["bo"][AUTHORS == "bo"], left.scores[AUTHORS == "bo"])


def test_both_steps_are_one_head() -> None:
    machine = squares(FEATURES, WANTED)
    fitted = machine.fitted(FEATURES)
    found = concluded(left_out_twice(machine, list(AUTHORS)), FORM, WANTED, AUTHORS)
    both = found.mix.after(fitted)
    at_once = both.scores(FEATURES) + FORM @ found.mix.form
    assert np.allclose(at_once, found.mix.scores(fitted.scores(FEATURES), FORM), atol=1e-4)
    assert found.mix.weights[0, 1] < 0 < found.mix.weights[0, 0]


def test_nothing_of_an_author_decides_about_that_author() -> None:
    changed = WANTED.copy()
    changed[AUTHORS == "ann"] = 1 - changed[AUTHORS == "ann"]
    before, after = (
        concluded(left_out_twice(squares(FEATURES, wanted), list(AUTHORS)), FORM, wanted, AUTHORS).chances
        for wanted in (WANTED, changed)
    )
    assert np.allclose(before[AUTHORS == "ann"], after[AUTHORS == "ann"], atol=1e-3)
    assert not np.allclose(before[AUTHORS == "bo"], after[AUTHORS == "bo"], atol=1e-3)
