"""What the measuring commands share: a desk that is asked, a file of answers, and the articles' texts."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.events import AnswerEvent, AnswerFinished, Turn
from index_store.errors import FootnoteError, UsageError
from ui.desk import Desk, full_name


class DeskAnswers:
    """A desk as something that answers questions."""

    def __init__(self, desk: Desk, model: str | None) -> None:
        self._desk = desk
        self._model = model

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        """The answer as its last event alone."""
        yield AnswerFinished(self._desk.ask(question, history=history, model=self._model))


class AnswersFile:
    """Writes the answers as they come, so that an interrupted run keeps what it has; None writes nothing."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lines = 0

    def __enter__(self) -> "AnswersFile":
        try:
            self._stream = self._file.open("w", encoding="utf-8") if self._file else None
        except OSError as error:
            raise UsageError(
                f"--out {str(self._file)!r}: {error.strerror}; give a file that can be written"
            ) from error
        return self

    def add(self, line: str) -> None:
        """One answer, as a line of JSON."""
        self._lines += 1
        if self._stream is not None:
            self._stream.write(line + "\n")
            self._stream.flush()

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()

    def kept(self, of: int) -> str:
        """What a run that is stopped leaves."""
        if self._file is None:
            return "no answer was kept; --out FILE keeps them as they come"
        return f"{self._file} keeps what came of {self._lines} of {of} questions"


def article_texts(desk: Desk) -> Callable[[str], str | None]:
    """The text of each article by its path; where several sources hold that path, their texts together."""
    known: dict[str, str | None] = {}

    def text(path: str) -> str | None:
        if path not in known:
            try:
                rows = [row for row in desk.articles() if row.path == path]
                views = [desk.article(full_name(row.source, row.path)) for row in rows]
            except FootnoteError:
                views = []
            known[path] = "\n\n".join(view.stored.article.text for view in views if view) or None
        return known[path]

    return text
