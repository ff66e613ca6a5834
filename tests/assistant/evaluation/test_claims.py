import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import ingest
from assistant.evaluation.claims import (
    FALSE_KINDS,
    TRUE_KINDS,
    ClaimsUnreadable,
    LabelledClaim,
    load_claims,
)
from index_store.errors import UsageError
from index_store.sentences import sentence_spans
from ingest.article_file import ArticleReader
from ingest.folder_source import FolderSource

_WHOLE: dict[str, Any] = {
    "id": "c1",
    "article": "leaving-llama.md",
    "start": 120,
    "end": 260,
    "claim": "A bank should move to Qwen.",
    "true": False,
    "kind": "swapped subject",
    "aside": True,
}
STARTER_LIBRARY = Path(ingest.__file__).parent / "starter_library"
STARTER = STARTER_LIBRARY / "claims.jsonl"
SHARED = Path(__file__).parent / "shared_claims.jsonl"
each_file = pytest.mark.parametrize("file", [STARTER, SHARED], ids=["starter", "shared"])


def _write(folder: Path, *lines: str) -> Path:
    path = folder / "claims.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def articles() -> dict[str, str]:
    source = FolderSource(STARTER_LIBRARY / "articles", ArticleReader())
    return {found.path: source.read(found).text for found in source.scan()}


def test_every_field_of_a_line_is_read(tmp_path: Path) -> None:
    (claim,) = load_claims(_write(tmp_path, json.dumps(_WHOLE | {"note": "unknown, does no harm"})))
    assert claim == LabelledClaim(
        id="c1",
        article="leaving-llama.md",
        start=120,
        end=260,
        claim="A bank should move to Qwen.",
        true=False,
        kind="swapped subject",
        aside=True,
    )


def test_blank_lines_a_byte_order_mark_and_raw_line_separators_are_read_over(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    line = json.dumps(_WHOLE | {"claim": "one\u2028two"}, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf\n" + line.encode() + b"\r\n\n")
    assert [claim.claim for claim in load_claims(path)] == ["one\u2028two"]


def test_evidence_is_the_span_of_the_articles_text() -> None:
    claim = LabelledClaim("c1", "a.md", 4, 9, "Said.", True, "close", False)
    assert claim.evidence("one three words") == "three"


def test_a_text_that_ends_before_the_span_is_refused_rather_than_cut() -> None:
    claim = LabelledClaim("c1", "a.md", 4, 9, "Said.", True, "close", False)
    with pytest.raises(ClaimsUnreadable, match=r"claim 'c1': 'a.md' has 8 characters, .* 4 to 9; use"):
        claim.evidence("one thre")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 7),
        ("article", " "),
        ("claim", "**"),
        ("start", -1),
        ("start", "120"),
        ("start", True),
        ("end", 120),
        ("end", 260.0),
        ("true", "false"),
        ("aside", 1),
        ("kind", "guess"),
        ("kind", "paraphrase"),
        ("kind", ["negation"]),
    ],
)
def test_a_wrong_field_is_named_with_its_file_line_and_value(tmp_path: Path, field: str, value: Any) -> None:
    path = _write(tmp_path, json.dumps(_WHOLE), json.dumps(_WHOLE | {"id": "c2"} | {field: value}))
    with pytest.raises(ClaimsUnreadable) as caught:
        load_claims(path)
    message = str(caught.value)
    assert f"claims {str(path)!r}, line 2: field {field!r} is {json.dumps(value)}; make it" in message
    assert "\n" not in message


def test_a_true_claim_is_of_no_kind_in_which_claims_are_false(tmp_path: Path) -> None:
    with pytest.raises(ClaimsUnreadable, match="field 'kind' is \"swapped subject\"; make it one of para"):
        load_claims(_write(tmp_path, json.dumps(_WHOLE | {"true": True})))


@pytest.mark.parametrize("field", list(_WHOLE))
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    line = json.dumps({name: value for name, value in _WHOLE.items() if name != field})
    with pytest.raises(ClaimsUnreadable, match=rf"line 1: field '{field}' is missing; add it"):
        load_claims(_write(tmp_path, line))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["", '{"id": "a",'], "line 2: not JSON"),
        (['["a"]'], "line 1: .* is no JSON object"),
        (["[" * 100_000], "line 1: not JSON"),
        ([json.dumps(_WHOLE), json.dumps(_WHOLE)], "line 2: id 'c1' is used twice"),
        ([""], "holds no claim"),
    ],
)
def test_what_is_no_set_of_claims_is_refused_in_one_line(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(ClaimsUnreadable, match=said) as caught:
        load_claims(_write(tmp_path, *lines))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("claims '")
    assert "; " in message
    assert not message.endswith(".")


def test_a_file_that_is_missing_a_folder_or_not_utf8_is_wrong_usage(tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"id": "caf\xe9"}')
    for path in (tmp_path / "none.jsonl", tmp_path, latin):
        with pytest.raises(UsageError, match=path.name):
            load_claims(path)


def test_more_than_150_claims_ship_about_every_starter_article(articles: dict[str, str]) -> None:
    claims = load_claims(STARTER)
    assert len(claims) >= 150
    assert {claim.article for claim in claims} == set(articles)


def test_claims_of_both_files_have_ids_and_wordings_of_their_own() -> None:
    claims = load_claims(STARTER) + load_claims(SHARED)
    assert len({claim.id for claim in claims}) == len(claims)
    assert len({claim.claim.casefold() for claim in claims}) == len(claims)


@each_file
def test_about_half_of_the_claims_are_false(file: Path) -> None:
    claims = load_claims(file)
    assert 0.45 <= sum(not claim.true for claim in claims) / len(claims) <= 0.55


@each_file
def test_every_kind_is_there_and_none_prevails(file: Path) -> None:
    claims = load_claims(file)
    counts = Counter(claim.kind for claim in claims)
    for kinds, least, most in ((TRUE_KINDS, 0.12, 0.40), (FALSE_KINDS, 0.04, 0.20)):
        total = sum(counts[kind] for kind in kinds)
        assert all(least <= counts[kind] / total <= most for kind in kinds), counts


@each_file
def test_a_third_of_each_kind_is_kept_aside(file: Path) -> None:
    claims = load_claims(file)
    assert 0.3 <= sum(claim.aside for claim in claims) / len(claims) <= 0.36
    for kind in TRUE_KINDS + FALSE_KINDS:
        of_kind = [claim.aside for claim in claims if claim.kind == kind]
        assert abs(sum(of_kind) - len(of_kind) / 3) < 1, kind


@each_file
def test_claims_are_one_sentence_of_8_to_35_words(file: Path) -> None:
    for claim in load_claims(file):
        assert 8 <= len(claim.claim.split()) <= 35, claim.id
        assert list(sentence_spans(claim.claim)) == [(0, len(claim.claim))], claim.id


def test_spans_are_whole_sentences_of_the_starter_articles(articles: dict[str, str]) -> None:
    for claim in load_claims(STARTER):
        spans = list(sentence_spans(articles[claim.article]))
        assert claim.start in {start for start, _ in spans}, claim.id
        assert claim.end in {end for _, end in spans}, claim.id
        assert len(claim.evidence(articles[claim.article])) <= 600, claim.id


def test_a_claim_speaks_the_words_of_its_span(articles: dict[str, str]) -> None:
    # A span that slipped to the next sentence shares almost nothing with its claim.
    for claim in load_claims(STARTER):
        words = {word for word in re.findall(r"[\w.]+", claim.claim.lower()) if len(word) > 3}
        evidence = claim.evidence(articles[claim.article]).lower()
        assert sum(word in evidence for word in words) / len(words) >= 0.25, claim.id


def test_figures_of_true_claims_stand_in_their_spans(articles: dict[str, str]) -> None:
    figure = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
    for claim in load_claims(STARTER):
        if claim.kind == "figure":
            evidence = articles[claim.article][claim.start : claim.end]
            missing = set(figure.findall(claim.claim)) - set(figure.findall(evidence))
            assert not missing, (claim.id, missing)
