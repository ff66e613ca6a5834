"""The terminal: results to standard output, everything else to standard error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
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


class Terminal:
    """Where a command prints. With `as_json`, standard output holds one JSON document and nothing else."""

    def __init__(
        self, *, as_json: bool = False, out: Console | None = None, err: Console | None = None
    ) -> None:
        self.as_json = as_json
        self._out = out or Console(highlight=False)
        self._err = err or Console(stderr=True, highlight=False)

    def document(self, value: Any) -> None:
        """Print a JSON document."""
        self._out.file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        self._out.file.flush()

    def show(self, *what: RenderableType) -> None:
        """Print results for people."""
        for renderable in what:
            self._out.print(renderable, soft_wrap=isinstance(renderable, str))

    def tell(self, line: str) -> None:
        """Say what is going on, on standard error."""
        self._err.print(line, markup=False, soft_wrap=True)

    def error(self, line: str) -> None:
        """Say what went wrong, in one line."""
        self._err.print(f"footnote: {' '.join(line.split())}", markup=False, soft_wrap=True, style="red")

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
            TextColumn("{task.description}"),
            BarColumn(),
            *columns,
            console=self._err,
            disable=not self._err.is_terminal,
            transient=True,
        )
        with progress:
            yield ProgressBar(self, progress, what, plain=not self._err.is_terminal)


class ProgressBar:
    """One bar of a Terminal."""

    def __init__(self, terminal: Terminal, progress: Progress, what: str, *, plain: bool) -> None:
        self._terminal = terminal
        self._progress = progress
        self._what = what
        self._plain = plain
        self._task = progress.add_task(what, total=None)
        self._said = -1

    def update(self, done: int, total: int | None, note: str = "") -> None:
        """So much is done, of so much (None while unknown)."""
        description = f"{self._what}: {note}" if note else self._what
        self._progress.update(self._task, completed=done, total=total, description=description)
        if self._plain and total:
            tenth = 10 * done // total
            if tenth > self._said:
                self._said = tenth
                self._terminal.tell(f"{self._what}: {10 * tenth} %{f' ({note})' if note else ''}")
