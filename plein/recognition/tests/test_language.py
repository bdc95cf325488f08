# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which language it is."""

import pytest

from plein.recognition.language import UNKNOWN, language_of

TEXTS = [
    ("nl", "Kun je mij morgen even terugbellen over de levering?"),
    ("en", "Could you call me back about the delivery tomorrow?"),
    ("de", "Können Sie mich morgen wegen der Lieferung zurückrufen?"),
    ("fr", "Pourriez-vous me rappeler demain au sujet de la livraison ?"),
    ("es", "¿Podría llamarme mañana para hablar de la entrega?"),
    ("it", "Potrebbe richiamarmi domani per la consegna?"),
    ("pt", "Você poderia me ligar amanhã sobre a entrega?"),
    ("pl", "Czy może Pan do mnie jutro zadzwonić w sprawie dostawy?"),
]


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    assert language_of(text)[0] == language


def test_the_usual_language_decides_about_a_word() -> None:
    assert language_of("ok", "nl")[0] == "nl"
    assert language_of("Done, thx", "nl")[0] == "nl"
    assert language_of("The contract has been signed by both of us.", "nl")[0] == "en"


def test_without_letters_nothing_is_known() -> None:
    assert language_of("12:30 👍") == (UNKNOWN, 0.0)


def test_addresses_say_nothing_about_the_language() -> None:
    assert language_of("kijk op https://www.the-english-website.com/about-us/our-products")[0] == "nl"
