"""Of the evidence, what one thing is told in."""

from tiny_library import article, hits

from assistant.finding.narrowed import about_one, naming_most
from assistant.finding.side_by_side import asked_of_each

EACH = asked_of_each("How many birds do Heron 2 and Kite 3 each know?")
HERON = article("heron.md", "It knows 29 birds.", title="Heron 2: a model")
KITE = article("kite.md", "Kite 3 knows 119 birds, Heron 2 fewer.", title="Kite 3: a model")
BOTH = article("news.md", "Heron 2 and Kite 3 came out in May.", title="News of May")
OTHER = article("owl.md", "Owls see well.", title="Owls")


def test_each_of_two_things_is_told_of_in_the_articles_titled_by_it() -> None:
    evidence = hits(KITE, BOTH, HERON)
    assert [hit.passage.article for hit in about_one(evidence, EACH[0], EACH)] == ["heron.md"]
    assert [hit.passage.article for hit in about_one(evidence, EACH[1], EACH)] == ["kite.md"]


def test_where_no_title_names_it_the_passages_that_do_tell_of_it() -> None:
    named = about_one(hits(OTHER, BOTH, KITE), EACH[0], EACH)
    assert [hit.passage.article for hit in named] == ["news.md", "kite.md"]


def test_where_nothing_names_it_all_is_read() -> None:
    evidence = hits(OTHER)
    assert about_one(evidence, EACH[0], EACH) == evidence


def test_the_passages_that_name_most_of_the_question_come_alone_in_their_order() -> None:
    evidence = hits(OTHER, KITE, BOTH, HERON)
    question = "When did Heron 2 and Kite 3 come out?"
    assert naming_most(evidence, question, 2) == evidence[1:3]
    assert naming_most(evidence, question, 1) == evidence[1:2]
    assert naming_most(evidence, "Who sees well?", 2) == evidence[:2]
    assert naming_most([], question, 2) == []
