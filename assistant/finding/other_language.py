"""Tells a question in another language than English, and has the model put it into English.

The embedders that are here by default know English, and so do the rules that an answer is checked by. What
finds nothing as it stands is asked once more in English; the answer is then in the articles' language.
"""

import re
import unicodedata

from assistant.finding.question import LONGEST_QUESTION
from assistant.prompts import sources, translation_task
from assistant.proof.exact_terms import missing_numbers
from assistant.writer import Stopped, Writer

_ENGLISH = frozenset(
    "a an and are at be by can did do does for from had has have how if in is it its many may me much "
    "must my not of on or our should that the their there these they this to was we were what when "
    "where which who why will with you your".split()
)
# Words that questions of six languages are full of, English or not: German, French, Spanish, Italian,
# Portuguese, Dutch.
_OTHERS = frozenset(
    "aber als auf bei das dem den der des die dürfen darf ein eine einem einen einer für gibt hat "
    "haben ich im ist kann kostet können lange mit muss müssen nicht oder oft sind und viel viele von "
    "wann warum was welche welchem welchen welcher welches wer werden wie wird wo zum zur au aux avec "
    "combien comment dans des doit doivent du elle elles est et faut il ils la le les ne où par pas "
    "peut peuvent pour pourquoi quand que quel quelle quelles quels qui quoi se sont sur un une été "
    "cómo con cuál cuáles cuándo cuánta cuántas cuánto cuántos del dónde el en es está están hay las "
    "los para por puede pueden qué quién quiénes son una y che chi come cosa da dei della delle deve "
    "devono di dove essere gli il lo nel nella perché più può possono quale quali quando quanta "
    "quante quanti quanto questa questo sono è as como com da das de do dos em não no na o onde os "
    "pode podem qual quais quantas quantos quem são uma bewaard de een en het hoe kan kunnen mag "
    "mogen moet moeten niet op van voor waar waarom wanneer wat welke wie worden wordt zijn".split()
)
_WORD = re.compile(r"[^\W\d_]+")
# Some models tell that they translate, and quote both.
_QUOTED = re.compile(r"\"([^\"]+)\"?|“([^”]+)”?")
_FEWEST_WORDS = 2
_MOST_TOKENS = 96


def is_in_another_language(question: str) -> bool:
    """Whether most letters are not Latin ones, or other languages' small words outnumber English ones."""
    letters = [sign for sign in question if sign.isalpha()]
    latin = sum(unicodedata.name(sign, "").startswith("LATIN") for sign in letters)
    if 2 * latin < len(letters):
        return True
    words = [word.casefold() for word in _WORD.findall(question)]
    others = sum(word in _OTHERS and word not in _ENGLISH for word in words)
    english = sum(word in _ENGLISH and word not in _OTHERS for word in words)
    return others >= _FEWEST_WORDS and others > english


def in_english(question: str, writer: Writer, stopped: Stopped) -> str | None:
    """The question in English, with all of its figures; None where it is so already, and after a stop.

    None as well where the model gives back no such question.
    """
    if not is_in_another_language(question):
        return None
    with writer.read(sources((), urgent=True), stopped=stopped) as reading:
        task = translation_task(question)
        pieces = [one.text for one in reading.write(task, max_tokens=_MOST_TOKENS, stopped=stopped)]
    made = _told("".join(pieces).strip().partition("\n")[0], question)
    if stopped() or not made or len(made) > LONGEST_QUESTION or is_in_another_language(made):
        return None
    return None if missing_numbers(question, made) else made


def _told(reply: str, question: str) -> str:
    """The question in a reply: all of it, or what it quotes last where it repeats what it translates."""
    plain = question.casefold().strip(" ?!.")
    quoted = [one or other for one, other in _QUOTED.findall(reply)]
    others = [one for one in quoted if len(one.split()) > 1 and one.casefold().strip(" ?!.") != plain]
    return (others[-1] if others and plain in reply.casefold() else reply).strip(" \"“”'")
