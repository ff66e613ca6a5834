"""What a sentence drops of its quotes is put right before it is shown."""

from tiny_library import article, hits

from assistant.finding.quote import Quote, quotes_of
from assistant.proof.as_quoted import as_quoted


def quotes() -> list[Quote]:
    [hit] = hits(article("a.md", "EU firms must keep logs for up to 90 days. Others need none."))
    return quotes_of(hit.passage)


def test_the_bound_and_whom_it_is_said_of_come_back() -> None:
    told = as_quoted("The bank should choose to keep logs for 90 days.", quotes()[:1])
    assert told == "The bank should choose to keep logs for up to 90 days, as the article says of EU firms."


def test_of_several_quotes_only_the_bounds_do() -> None:
    told = as_quoted("The bank should choose to keep logs for 90 days.", quotes())
    assert told == "The bank should choose to keep logs for up to 90 days."
