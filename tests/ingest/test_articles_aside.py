"""What is put aside comes back as it was, from memory or from the disk."""

from dataclasses import replace
from pathlib import Path

import pytest
from synthetic import article

from index_store.errors import RunError
from ingest import articles_aside
from ingest.articles_aside import ArticlesAside
from ingest.passages.shared_blocks import block_numbers


def test_articles_come_back_whole_in_any_order_and_only_the_first_ones_stay_in_memory() -> None:
    articles = [
        replace(article(f"{number}.md", f"Text {number}.", "Half a sign."), pages=(0, 3))
        for number in range(5)
    ]
    holder = ArticlesAside(characters=2 * len(articles[0].text))
    aside = [holder.put(one) for one in articles]
    assert [isinstance(one._place, tuple) for one in aside] == [False, False, True, True, True]
    for one, whole in reversed(list(zip(aside, articles, strict=True))):
        assert one.article() == whole
        assert one.characters == len(whole.text)
        assert block_numbers(one.article()) == block_numbers(whole)


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object, **__: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(articles_aside, "TemporaryFile", full)
    with pytest.raises(RunError, match=r"a.md: no room .*No space left"):
        ArticlesAside(characters=0).put(article("a.md", "Text."))
