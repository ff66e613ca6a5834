"""What the benchmark of syncing measures is what it says."""

import random
from itertools import count
from pathlib import Path

import pytest

from ingest.sync_speed import made_up_article, sync_speed


@pytest.mark.whole
def test_three_syncs_are_timed_and_what_each_embedded_is_counted(tmp_path: Path) -> None:
    ticks = count(0, 3)
    speed = sync_speed(tmp_path, articles=3, clock=lambda: float(next(ticks)))
    assert (speed.articles, speed.first, speed.unchanged, speed.edited) == (3, 3.0, 3.0, 3.0)
    assert len(speed.texts) == len(set(speed.texts)) >= 3 * 5
    assert speed.unchanged_embedded == 0
    # The sentence that is new belongs to the last passage; where that is full, it is cut in another place.
    assert 1 <= speed.edited_embedded <= 2


def test_a_made_up_article_has_about_800_words_and_no_sentence_of_another() -> None:
    chance = random.Random(1)
    one, other = made_up_article(chance, 1), made_up_article(chance, 2)
    assert 750 < len(one.split()) < 900
    assert not {*one.split(". ")} & {*other.split(". ")}
