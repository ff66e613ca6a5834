import json
import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import QUESTION, Ran

from ui.home import Home
from ui.settings.settings_file import change_setting

Footnote = Callable[..., Ran]


@pytest.fixture
def asked(footnote: Footnote, articles: Path) -> Footnote:
    footnote("sync", articles)
    footnote("ask", QUESTION)
    footnote("search", "Stork licence")
    return footnote


def kinds(ran: Ran) -> list[str]:
    return [entry["kind"] for entry in ran.document["entries"]]


@pytest.mark.whole
def test_the_json_is_one_document_with_the_newest_last(asked: Footnote) -> None:
    ran = asked("log", "--json")
    assert set(ran.document) == {"entries", "damaged"}
    assert kinds(ran) == ["source", "article", "article", "sync", "question", "search"]
    times = [entry["at"] for entry in ran.document["entries"]]
    assert times == sorted(times)


@pytest.mark.whole
def test_people_see_who_what_and_the_words(asked: Footnote) -> None:
    ran = asked("log")
    assert ran.code == 0
    name = pwd.getpwuid(os.geteuid()).pw_name
    shown = " ".join(ran.out.split())
    assert f"question local:{name}, command, answered in " in shown
    assert "2 passages shown, 1 footnote, qwen2.5-coder-1.5b" in shown
    assert f"{QUESTION} The Heron model needs 12 GB of memory. [1]" in shown
    assert "command, done, 2 added, 0 changed, 0 deleted, 0 skipped" in shown
    assert shown.endswith("Stork licence")


@pytest.mark.whole
def test_kinds_number_and_time_choose(asked: Footnote) -> None:
    assert kinds(asked("log", "--json", "--kind", "question", "--kind", "search")) == ["question", "search"]
    assert kinds(asked("log", "--json", "-n", "2")) == ["question", "search"]
    assert kinds(asked("log", "--json", "--since", "1h", "--kind", "sync")) == ["sync"]
    assert kinds(asked("log", "--json", "--since", "2999-01-01")) == []


def test_twenty_are_shown_unless_told_otherwise_and_it_is_said(footnote: Footnote, home: Home) -> None:
    home.record.mkdir()
    lines = [
        json.dumps({"at": f"2026-03-05T12:00:{second:02}+00:00", "who": "local:a", "kind": "search"})
        for second in range(25)
    ]
    (home.record / "record-000001.jsonl").write_text("\n".join(lines) + "\n")
    ran = footnote("log", "--json")
    assert len(kinds(ran)) == 20
    assert "earlier entries are left out; -n 0 shows all" in ran.err
    for all_of_them in (["-n", "0"], ["--since", "2026-03-05"]):
        ran = footnote("log", "--json", *all_of_them)
        assert (len(kinds(ran)), ran.err) == (25, "")


@pytest.mark.whole
def test_damaged_lines_are_counted_said_and_not_fatal(asked: Footnote, home: Home) -> None:
    with (home.record / "record-000001.jsonl").open("ab") as stream:
        stream.write(b'{"at": \n\xff\n')
    ran = asked("log", "--json")
    assert (ran.code, ran.document["damaged"], len(kinds(ran))) == (0, 2, 6)
    assert "warning: 2 lines are damaged and left out" in ran.err


def test_entries_of_any_form_are_shown(footnote: Footnote, home: Home) -> None:
    home.record.mkdir()
    head = {"at": "2026-03-05T12:00:00+00:00"}
    bodies: list[dict[str, object]] = [
        {"kind": "question", "shown": 3, "citations": None, "model": "x", "took_ms": "long", "question": 5},
        {"kind": "sync", "errors": None},
        {"kind": "of another version", "action": "done"},
        {"kind": "gap", "lost": 3},
        {
            "kind": "question",
            "question": {"length": 9, "sha256": "ab" * 32},
            "answer": "\x1b[31m" + "x" * 900,
        },
    ]
    text = "".join(json.dumps({**head, **body}) + "\n" for body in bodies)
    (home.record / "record-000001.jsonl").write_text(text)
    ran = footnote("log")
    assert ran.code == 0
    shown = " ".join(ran.out.split())
    assert "3 entries could not be written before this" in shown
    assert "(9 characters, SHA-256 abababababab…)" in shown
    assert "\x1b" not in ran.out


def test_where_nothing_is_recorded_it_says_so(footnote: Footnote, home: Home) -> None:
    assert footnote("log").out == "Nothing is recorded.\n"
    assert footnote("log", "--json").document == {"entries": [], "damaged": 0}
    assert footnote("log", "--kind", "upload").out == "Nothing found.\n"
    assert not home.record.exists()


@pytest.mark.whole
def test_that_it_is_off_is_said(asked: Footnote, home: Home) -> None:
    change_setting(home.settings_file, "record", False)
    ran = asked("log", "--json")
    assert len(kinds(ran)) == 6
    assert "nothing is being recorded: record = false" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--since", "yesterday"], "--since 'yesterday': not a time"),
        (["--kind", "answer"], "--kind 'answer': no such kind; give one of question, search"),
        (["-n", "-1"], "-1"),
        (["-n", "x"], "x"),
    ],
)
def test_wrong_usage_is_one_line(footnote: Footnote, words: list[str], told: str) -> None:
    ran = footnote("log", *words, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.error


def test_a_long_record_is_shown_whole_in_one_form(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.commands.log._ROWS", 4)
    home.record.mkdir()
    lines = [
        json.dumps(
            {"at": "2026-03-05T12:00:00+00:00", "who": "local:a", "kind": kind, "question": f"q{number}"}
        )
        for number, kind in enumerate(["search"] * 12 + ["embedder"])
    ]
    (home.record / "record-000001.jsonl").write_text("\n".join(lines) + "\n")
    shown = [line for line in footnote("log", "-n", "0").out.splitlines() if "local:a" in line]
    assert len(shown) == 13
    assert len({line.index("local:a") for line in shown}) == 1
