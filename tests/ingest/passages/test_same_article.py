"""When two articles are one text, and when a single word makes them two."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.article import Article
from ingest.passages.same_article import LEAST_WORDS, essence_of, same_article

TEXT = """The Heron model was released on 3 March 2026 by Marsh Press. It reads 32,000 tokens and needs 12 GB.

Banks can run it on their own machines, and the licence lets them change it. In a trial with Nordbank it
answered most questions quickly. The weights are open.

Those who tried it wrote that the installation took an afternoon, that the manual is thin, and that the makers
listen to what they are told. None of them went back to what they had before.

Support for version 1.5 ends in autumn. Whoever needs help should write to the makers, who reply
in two days."""


RUSSIAN = """Портовая служба опубликовала отчёт о приливах. В нём сказано, что уровень воды измеряли вручную.
Служба хочет заменить книгу небольшим компьютером, который стоит меньше одного дня работы в месяц. Рыбаки
попросили оставить показания на виду. Служба согласилась и поставит доску у причала."""

GERMAN = """Das Hafenamt hat seinen Bericht über die Pegel veröffentlicht. Darin steht, dass die Pegel von
Hand gelesen wurden. Das Amt will das Buch durch einen kleinen Rechner ersetzen, der weniger kostet als ein
Tag Arbeit im Monat. Die Fischer baten darum, dass die Werte sichtbar bleiben."""

ARABIC = """نشر مكتب الميناء تقريره عن المد والجزر. يقول التقرير إن القياسات كتبت باليد في كتاب طوال العام.
يريد المكتب أن يستبدل الكتاب بحاسوب صغير يكلف أقل من يوم عمل كل شهر.
طلب الصيادون أن تبقى القياسات أمام الجميع."""


def article(text: str = TEXT, path: str = "a.md", title: str = "The Heron model", **facts: str) -> Article:
    return Article("shelf", path, title, text, **facts)


def are_one(text: str, other: str) -> bool:
    """Both ways round; the digest must never part what the comparison joins."""
    one, two = article(text), article(other, "b.md")
    there, back = same_article(one, two), same_article(two, one)
    assert there == back
    assert not there or essence_of(one) == essence_of(two)
    return there


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("can run it", "can run it, even so,"),
        ("Nordbank it", "Nordbank, it"),
        ("the licence", "the license"),
        ("machines, and", "machines — and"),
        ("Banks can", "Banks  can"),
        ("it\nanswered", "it answered"),
        ("two days.", "two days.\n\nThis article first appeared in The Morning Post on 5 May 2026."),
        ("The Heron model was", "Originally published by Marsh Press.\n\nThe Heron model was"),
        ("two days.", "two days.\n\nSubscribe to our newsletter!"),
        ("The weights", "So weights"),
        ("the manual", "The Manual"),
        ("questions quickly", "questions — quickly —"),
    ],
)
def test_a_reprint_with_small_differences_is_the_same_article(words: str, others: str) -> None:
    assert words in TEXT
    assert are_one(TEXT, TEXT.replace(words, others))


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("32,000", "64,000"),
        ("12 GB", "12 MB"),
        ("3 March 2026", "4 March 2026"),
        ("3 March", "3 April"),
        ("1.5", "1.6"),
        ("Nordbank", "Südbank"),
        ("Heron", "Stork"),
        ("can run", "cannot run"),
        ("are open", "are not open"),
        ("are open", "aren't open"),
        ("lets them", "never lets them"),
        ("two days", "three days"),
        ("two days", "two weeks"),
        ("most questions", "few questions"),
        ("in autumn", "in spring"),
        ("should write", "must write"),
        ("released", "unreleased"),
        ("are open.", "are open. They weigh 4 GB."),
        ("are open.", "are open. Nordbank wrote them."),
        (" The weights are open.", " The Weights are open. And Marsh keeps them."),
        ("It reads", "It = reads"),
        ("on 3 March", "on -3 March"),
        ("an afternoon", "fifteen afternoons"),
        ("the makers\nlisten", "the former makers\nlisten"),
        ("The weights are open", "The weights are probably open"),
        ("tried it wrote", "TRIED it wrote"),
    ],
)
def test_what_differs_in_a_figure_a_date_a_name_or_a_negation_is_two_articles(
    words: str, others: str
) -> None:
    assert words in TEXT
    assert not are_one(TEXT, TEXT.replace(words, others))


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("quickly", "rapidly"),
        ("an afternoon", "a morning"),
        ("manual is thin", "manual is thick"),
        ("None of them went", "None of the banks went"),
        ("makers", "sellers"),
        ("they had before", "they have before"),
        ("Those who tried", "Those who bought"),
        ("are open.", "are open. So everybody knows them."),
        ("the manual is thin, and ", ""),
        ("reply", "answer"),
        ("on their own machines", "on your own machines"),
        ("run it", "run him"),
    ],
)
def test_texts_that_differ_in_one_ordinary_word_are_two_articles(words: str, others: str) -> None:
    assert words in TEXT
    assert not are_one(TEXT, TEXT.replace(words, others))


def test_british_and_american_spelling_is_no_difference() -> None:
    pairs = ("colour color", "analysed analyzed", "organisation organization", "centres centers")
    for british, american in (pair.split() for pair in pairs):
        text = f"{TEXT} It says {{}} in four hours."
        assert are_one(text.format(british), text.format(american))
    assert not are_one(f"{TEXT} In four hours.", f"{TEXT} In for hours.")


def test_a_text_in_capitals_names_nothing_by_them() -> None:
    assert are_one(f"The new model.\n\n{TEXT}", f"THE NEW MODEL.\n\n{TEXT}")
    assert not are_one(f"The US model.\n\n{TEXT}", f"The us model.\n\n{TEXT}")


def test_names_in_small_letters_are_names_where_they_come_back() -> None:
    text = "The package numtool is fast. " + TEXT + " So install numtool before."
    assert not are_one(text, text.replace("numtool", "mathtool"))


def test_the_same_sentences_in_another_order_are_another_text() -> None:
    swapped = TEXT.replace("Heron", "X").replace("Nordbank", "Heron").replace("X", "Nordbank")
    assert not are_one(TEXT, swapped)


def test_another_text_about_the_same_is_another_article() -> None:
    other = TEXT.replace("Banks can run it on their own machines, and the licence lets them change it.", "")
    assert not are_one(
        TEXT, other.replace("Whoever needs help should write to the makers, who answer", "Help")
    )


def test_the_same_text_under_another_products_title_is_two_articles() -> None:
    text = TEXT.replace("Heron", "new")
    assert not same_article(article(text, title="Heron"), article(text, "b.md", title="Stork"))
    assert same_article(article(text, title="Release notes"), article(text, "b.md", title="Release notes"))


def test_a_title_that_comes_from_the_name_of_a_file_tells_nothing() -> None:
    one = article(path="heron.md")
    assert same_article(one, article(path="2026-05-05-copy-of-heron-2.md", title="Copy of heron 2"))


def test_two_notes_of_origin_that_differ_are_two_articles() -> None:
    note = "\n\nThis article was first published on 3 May 2026."
    assert not are_one(TEXT + note, TEXT + note.replace("3", "4"))


def test_other_scripts_are_the_same_only_when_they_are_equal() -> None:
    text = "\n".join(f"第{number}个模型在银行的服务器上运行，许可证允许修改。" for number in range(40))
    assert are_one(text, text)
    assert not are_one(text, text.replace("允许", "禁止"))


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        (RUSSIAN, "согласилась", "не согласилась"),
        (RUSSIAN, "меньше", "больше"),
        (RUSSIAN, "одного", "двух"),
        (GERMAN, "sichtbar", "unsichtbar"),
        (GERMAN, "baten darum", "baten keineswegs darum"),
        (GERMAN, "ein Tag", "zwei Tage"),
        (ARABIC, "يريد المكتب", "لا يريد المكتب"),
        (ARABIC, "أقل", "أكثر"),
    ],
)
def test_in_another_language_any_word_may_tell(text: str, words: str, others: str) -> None:
    text = " ".join(text.split())
    assert words in text
    assert not are_one(text, text.replace(words, others))
    assert are_one(text, text.replace(". ", ".\n\n"))


def test_short_texts_are_never_the_same_article() -> None:
    text = "word " * (LEAST_WORDS - 1)
    assert not same_article(article(text), article(text, "b.md"))
    assert essence_of(article(text)) is None


@given(st.text(max_size=300))
def test_any_text_is_the_same_as_itself_or_too_short(text: str) -> None:
    one = article(TEXT + text)
    assert same_article(one, replace(one, path="b.md"))


@pytest.mark.parametrize("piece", ["same words again. ", "a ", "No. ", "x" * 90 + " ", "\n", "字", "... "])
def test_hostile_texts_are_compared_in_bounded_time(piece: str) -> None:
    began = time.thread_time()
    many = piece * (50_000 // len(piece))
    same_article(article(f"First. {many} end."), article(f"Then. {many} {piece} fin.", "b.md"))
    assert time.thread_time() - began < 3
