import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ui.terminal import Terminal, indented, words


class Screen:
    """A terminal whose two streams can be read."""

    def __init__(self, *, watched: bool = False, width: int = 80) -> None:
        self._out = Console(file=io.StringIO(), width=width, highlight=False, force_terminal=watched)
        self._err = Console(file=io.StringIO(), width=width, highlight=False, force_terminal=watched)
        self.terminal = Terminal(out=self._out, err=self._err)

    @property
    def out(self) -> str:
        assert isinstance(self._out.file, io.StringIO)
        return self._out.file.getvalue()

    @property
    def err(self) -> str:
        assert isinstance(self._err.file, io.StringIO)
        return self._err.file.getvalue()


ODD = "[bold]b[/bold] [/] [red :smile: \\[ {x} %s 鳥 ▸ é"


def test_results_go_to_standard_output_and_all_else_to_standard_error() -> None:
    screen = Screen()
    screen.terminal.show("result")
    screen.terminal.tell("news")
    screen.terminal.error("wrong")
    with screen.terminal.waiting("waiting"):
        pass
    assert screen.out == "result\n"
    assert screen.err == "news\nfootnote: wrong\nwaiting ...\n"


def test_words_are_shown_as_they_stand() -> None:
    screen = Screen()
    screen.terminal.show(ODD)
    screen.terminal.tell(ODD)
    screen.terminal.error(ODD)
    screen.terminal.show(words(ODD))
    assert screen.out == f"{ODD}\n{ODD}\n"
    assert screen.err == f"{ODD}\nfootnote: {ODD}\n"


@pytest.mark.parametrize(
    "order", ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\r", "\b", "\x7f", "\u202e", "\0"]
)
def test_words_give_the_terminal_no_orders(order: str) -> None:
    screen = Screen()
    text = f"before{order}after"
    screen.terminal.show(text)
    screen.terminal.show(words(text))
    screen.terminal.tell(text)
    with screen.terminal.counting("count") as bar:
        bar.update(1, 2, text)
    for shown in (screen.out, screen.err):
        assert order not in shown
        assert "before" in shown
        assert "after" in shown


@given(text=st.text())
def test_no_text_reaches_the_terminal_with_orders_in_it(text: str) -> None:
    plain = words(text).plain
    assert not [sign for sign in plain if sign not in "\t\n" and (sign < " " or "\x7f" <= sign <= "\x9f")]
    assert [sign for sign in text if sign.isalnum()] == [sign for sign in plain if sign.isalnum()]


def test_an_error_is_one_line_however_long_and_broken_it_is() -> None:
    screen = Screen(width=40)
    screen.terminal.error("a\nb\r\n  c\t" + "long " * 50)
    assert screen.err.count("\n") == 1
    assert screen.err.startswith("footnote: a b c long")


def test_a_document_is_json_alone_whatever_it_holds() -> None:
    screen = Screen(width=20)
    value = {"text": ODD + "\x1b[2J\u2028" + "x" * 500, "none": None, "list": [1, 2.5]}
    screen.terminal.document(value)
    assert json.loads(screen.out) == value
    assert "鳥" in screen.out
    assert screen.err == ""


def table() -> Table:
    made = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(2):
        made.add_column(overflow="fold")
    made.add_row("short", "x " * 100)
    made.add_row("a longer name", "y")
    return made


def test_in_a_pipe_nothing_is_folded_and_no_line_ends_in_spaces(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    Terminal().show(table(), indented(words("z " * 100), 2))
    lines = capfd.readouterr().out.splitlines()
    assert lines == [
        f"short          {('x ' * 100).rstrip()}",
        "a longer name  y",
        f"  {('z ' * 100).rstrip()}",
    ]


def test_in_a_pipe_of_a_given_width_lines_are_folded_and_none_ends_in_spaces(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    Terminal().show(table())
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) > 5
    assert max(map(len, lines)) <= 40
    assert all(line == line.rstrip() for line in lines)


def test_indented_text_stays_indented_when_it_wraps() -> None:
    screen = Screen(width=20)
    screen.terminal.show(indented(Text("one two three four five six"), 4, below=1))
    lines = screen.out.split("\n")
    assert all(line.startswith("    ") for line in lines[:2])
    assert lines[2].strip() == ""


def test_unwatched_progress_is_a_line_for_each_tenth_at_most() -> None:
    screen = Screen()
    with screen.terminal.counting("reading") as bar:
        bar.update(0, None, "no total yet")
        for done in range(1001):
            bar.update(done, 1000, f"[/x] {done}")
        bar.update(5, 0)
    lines = screen.err.splitlines()
    assert len(lines) == 11
    assert lines[0] == "reading: 0 % ([/x] 0)"
    assert lines[-1] == "reading: 100 % ([/x] 1000)"


def test_unwatched_progress_is_not_silent_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("ui.terminal.monotonic", lambda: now[0])
    screen = Screen()
    with screen.terminal.counting("fetching") as bar:
        for done in range(0, 80, 2):
            now[0] += 4
            bar.update(done, 1000)
    assert screen.err.splitlines() == [f"fetching: {percent} %" for percent in (0, 0, 1, 2, 3, 4, 4, 5, 6, 7)]


def test_watched_progress_is_a_bar_that_leaves_nothing_behind_and_takes_any_name() -> None:
    screen = Screen(watched=True)
    with screen.terminal.counting("reading", bytes_of=True) as bar:
        bar.update(1, 2, ODD)
    with screen.terminal.waiting("waiting"):
        pass
    assert screen.out == ""
    last = screen.err.rsplit("\x1b[2K", 1)[-1]
    assert "reading" not in last


def test_a_long_name_leaves_the_bar_and_the_count_in_place() -> None:
    screen = Screen(watched=True, width=60)
    with screen.terminal.counting("reading") as bar:
        bar.update(3, 7, "x" * 200)
    shown = [line for line in plain(screen.err) if "x" in line]
    assert shown
    for line in shown:
        assert "━" * 5 in line
        assert "3/7" in line
        assert len(line) <= 60


def plain(shown: str) -> list[str]:
    """What was on the screen, line by line, without colours."""
    uncoloured = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    return re.split(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\n]", uncoloured)


def test_a_watched_error_is_red() -> None:
    screen = Screen(watched=True)
    screen.terminal.error("wrong")
    assert "\x1b[31m" in screen.err
