from dataclasses import replace
from itertools import pairwise

from chat_samples import answer, sentence, turn, visible_text

from ui.chat.progress import Progress
from ui.chat.spoken_turn import announced


def test_announcements_only_grow_sentence_by_sentence() -> None:
    first = Progress("writing", None, ("On rain",), "It rained. Then", (sentence("It rained.", 1),))
    second = Progress(
        "writing", None, ("On rain",), "It rained. Then dry.", (*first.sentences, sentence("Dry."))
    )
    heard = [
        announced(turn(), Progress()),
        announced(turn(), first),
        announced(turn(), second),
        announced(turn(answer()), second),
    ]
    for earlier, later in pairwise(heard):
        assert later.startswith(earlier)
    assert visible_text(heard[1]) == "Found: On rainIt rained."
    assert visible_text(heard[3]).endswith("Answer finished. 1 footnote.")


def test_who_waits_hears_the_first_number_only() -> None:
    waiting = Progress("waiting", number=3, first_number=3)
    nearer = replace(waiting, number=2)
    assert announced(turn(None), nearer) == announced(turn(None), waiting)
    reading = replace(nearer, stage="found", number=0, titles=("On rain",))
    assert announced(turn(None), reading).startswith(announced(turn(None), waiting))
