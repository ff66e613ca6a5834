"""The terminal: results to standard output, everything else to standard error."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Column
from rich.text import Text

# What a terminal would obey rather than show: control characters but tab and line feed, and marks that
# turn the direction of writing around.
_ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("[\n\x0b\x0c\r\x85\u2028\u2029]")
# Columns of a pipe or a file, where nothing is to be folded.
_UNFOLDED = 100_000
# Where nobody watches a bar, something is said after so long at the latest.
_SILENT_SECONDS = 15.0


def words(text: str, style: str = "") -> Text:
    """Text for the terminal as it stands: no markup in it counts, nor any order to the terminal."""
    return Text(_ORDERS.sub("\ufffd", text), style=style)


def in_one_line(text: str) -> str:
    """A name within a list: where a line of it ends, that is written out as in a program."""
    return _LINE_ENDS.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


def indented(text: Text, columns: int, *, below: int = 0) -> Padding:
    """Text moved to the right, its wrapped lines too, with `below` empty lines after it."""
    return Padding(text, (0, 0, below, columns), expand=False)


class Terminal:
    """Where a command prints. With `as_json`, standard output holds one JSON document and nothing else."""

    def __init__(
        self, *, as_json: bool = False, out: Console | None = None, err: Console | None = None
    ) -> None:
        self.as_json = as_json
        self._out = out or _results()
        self._err = err or Console(stderr=True, highlight=False)

    def document(self, value: Any) -> None:
        """Print a JSON document."""
        self._out.file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        self._out.file.flush()

    def show(self, *what: RenderableType) -> None:
        """Print results for people; a plain string is one line, however long.

        Where nobody watches (a pipe, a file) lines are not filled up with spaces, nor folded, unless COLUMNS
        says how long they may be.
        """
        for one in what:
            if isinstance(one, str):
                self._out.print(words(in_one_line(one)), soft_wrap=True)
            elif self._out.is_terminal:
                self._out.print(one)
            else:
                self._print_plainly(one)

    def _print_plainly(self, what: RenderableType) -> None:
        with self._out.capture() as captured:
            self._out.print(what)
        self._out.file.write("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))
        self._out.file.flush()

    def tell(self, line: str) -> None:
        """Say what is going on, in one line on standard error."""
        self._err.print(words(in_one_line(line)), soft_wrap=True)

    def error(self, line: str) -> None:
        """Say what went wrong, in one line."""
        self._err.print(words(f"footnote: {' '.join(line.split())}", "red"), soft_wrap=True)

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Show that something without measurable progress is going on."""
        if self._err.is_terminal:
            with self._err.status(what):
                yield
        else:
            self.tell(f"{what} ...")
            yield

    @contextmanager
    def counting(self, what: str, *, bytes_of: bool = False) -> Iterator["ProgressBar"]:
        """A progress bar; where nobody watches (no terminal), a line now and then."""
        columns = (
            [DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()]
            if bytes_of
            else [MofNCompleteColumn()]
        )
        progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            *columns,
            # The note takes what is left of the line, so that no long name squeezes out the bar.
            TextColumn("{task.fields[note]}", markup=False, table_column=Column(ratio=1, no_wrap=True)),
            console=self._err,
            disable=not self._err.is_terminal,
            transient=True,
            expand=True,
        )
        with progress:
            yield ProgressBar(self, progress, what, plain=not self._err.is_terminal)


def _results() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
        console.width = _UNFOLDED
    return console


class ProgressBar:
    """One bar of a Terminal."""

    def __init__(self, terminal: Terminal, progress: Progress, what: str, *, plain: bool) -> None:
        self._terminal = terminal
        self._progress = progress
        self._what = what
        self._plain = plain
        self._task = progress.add_task(what, total=None, note="")
        self._said = -1
        self._last = monotonic()

    def update(self, done: int, total: int | None, note: str = "") -> None:
        """So much is done, of so much (None while unknown)."""
        self._progress.update(self._task, completed=done, total=total, note=words(note).plain)
        if self._plain and not total and monotonic() - self._last >= _SILENT_SECONDS:
            self._last = monotonic()
            self._terminal.tell(f"{self._what}: {done}{f' ({note})' if note else ''}")
        if self._plain and total:
            percent = 100 * done // total
            if percent // 10 > self._said // 10 or monotonic() - self._last >= _SILENT_SECONDS:
                self._said, self._last = percent, monotonic()
                self._terminal.tell(f"{self._what}: {percent} %{f' ({note})' if note else ''}")
