from chat_samples import answer, sentence, turn

from ui.chat.turn_history import HISTORY_TURNS, history_of


def test_history_is_short_and_leaves_failures_out() -> None:
    absent = answer(status="not_in_library", sentences=(), text="")
    long = answer(sentences=(sentence("word " * 1000),))
    earlier = [turn(None, error="no"), turn(absent), turn(long)]
    heard = history_of(earlier)
    assert heard[0] == ("How long did it rain?", "The articles do not answer this.")
    assert len(heard[1][1]) <= 600
    assert len(heard) == 2
    assert len(history_of([turn(answer())] * 50)) == HISTORY_TURNS
