"""An answer can be written down as JSON, read back, and is then the same."""

import json

from pydantic import TypeAdapter

from assistant.answer import (
    Answer,
    AnsweredSentence,
    Citation,
    Claim,
    Disagreement,
    Evidence,
    ModelName,
    NearestArticle,
    Timings,
    Withdrawn,
)

WHOLE = Answer(
    question="Is it?",
    standalone_question="Is it? (about Gemma 4)",
    status="partly",
    text="It is “open”. [1]",
    model=ModelName("tiny", "ab12"),
    sentences=(AnsweredSentence("It is “open”.", (1,), "supported", 0.9),),
    withdrawn=(Withdrawn("It is 你好.", "no passage found says this"),),
    missing="the price",
    citations=(
        Citation(1, "a.md", "A", None, None, "2026-04-02", "H", 3, "It is open.", "It is open.", 0, 11),
    ),
    evidence=(Evidence("a.md", "It is open.", 0.5),),
    disagreements=(Disagreement("It is", (Claim("It is open.", 1), Claim("It is shut.", 1))),),
    nearest=(NearestArticle("a.md", "A", None, "It is so."),),
    timings=Timings(1.0, 2.0, 3.0, 0.5, 10, 20),
)
TOP = (
    "question standalone_question status text model sentences withdrawn missing citations evidence "
    "disagreements nearest timings"
)
CITATION = "number article title publisher url published heading page passage quote start end origins"


def test_the_json_has_the_documented_names_and_no_others() -> None:
    found = WHOLE.to_json()
    assert set(found) == set(TOP.split())
    assert set(found["citations"][0]) == set(CITATION.split())
    assert set(found["sentences"][0]) == {"text", "citations", "support", "score"}
    assert set(found["withdrawn"][0]) == {"text", "why"}
    assert set(found["evidence"][0]) == {"article", "passage", "score"}
    assert set(found["disagreements"][0]) == {"about", "claims"}
    assert set(found["disagreements"][0]["claims"][0]) == {"text", "citation"}
    assert set(found["nearest"][0]) == {"article", "title", "published", "quote"}
    assert set(found["model"]) == {"id", "sha256"}
    assert set(found["timings"]) == {
        *("retrieve_ms", "first_token_ms", "total_ms", "verify_ms", "prompt_tokens", "answer_tokens")
    }


def test_an_answer_comes_back_from_json_as_it_was() -> None:
    assert TypeAdapter(Answer).validate_json(json.dumps(WHOLE.to_json())) == WHOLE


def test_an_answer_without_more_is_empty_but_whole() -> None:
    bare = Answer("Is it?", "Is it?", "not_in_library", "", ModelName("tiny", None))
    assert bare.to_json()["missing"] is None
    assert bare.to_json()["timings"]["total_ms"] == 0.0
    assert TypeAdapter(Answer).validate_json(json.dumps(bare.to_json())) == bare
