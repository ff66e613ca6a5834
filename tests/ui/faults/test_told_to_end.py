"""SIGTERM while some are answered and others wait: it ends soon, and each question says what became of it."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import httpx
import pytest
from page_person import PagePerson, Seen, free_port
from tiny_footnote import QUESTION, TinyWorkshop, TinyWriter, install_models, set_up, wait_until

from assistant.models.catalogue import ModelEntry
from assistant.writer import Reading, Sources, Stopped
from ui.chat.chat_turn import STOPPED_WAITING
from ui.chat.conversations import Conversations
from ui.commands.session import Session
from ui.home import Home
from ui.serving import server
from ui.serving.server import serve_until_stopped
from ui.serving.server_file import serving_process
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.terminal import Terminal


class EndlessWriter(TinyWriter):
    """A fake that reads until it is stopped."""

    def read(self, sources: Sources, *, stopped: Stopped) -> Reading:
        while not stopped():
            sleep(0.02)
        return super().read(sources, stopped=stopped)


def endless_writer(entry: ModelEntry, file: Path, settings: Settings) -> EndlessWriter:
    return EndlessWriter(entry)


@pytest.fixture
def session(
    home: Home, articles: Path, tiny_catalogue: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    monkeypatch.setattr(server, "Workshop", partial(TinyWorkshop, make_writer=endless_writer))
    install_models(home)
    set_up(home, sources=[str(articles)], warming=False)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield Session(home, load_settings(home.settings_file, port=free_port()), Terminal())
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_told_to_end_in_mid_answer_it_ends_soon_and_no_question_is_lost(session: Session) -> None:
    asked: list[Seen] = []
    told: list[float] = []

    def ask() -> None:
        with PagePerson(f"http://127.0.0.1:{session.settings.port}") as page:
            seen, following = page.send(QUESTION)
            asked.append(seen)
            try:
                for _ in page.follow(seen, following):
                    pass
            except (httpx.HTTPError, ConnectionError, AssertionError):
                return  # the page has gone, as it should

    def visit() -> None:
        wait_until(lambda: serving_process(session.home.server_file), 60)
        people = [Thread(target=ask) for _ in range(6)]
        for person in people:
            person.start()
        wait_until(lambda: len(asked) == 6 and max(sum((one.numbers for one in asked), [0])) == 2, 60)
        told.append(monotonic())
        os.kill(os.getpid(), signal.SIGTERM)
        for person in people:
            person.join(30)

    visitor = Thread(target=visit)
    visitor.start()
    serve_until_stopped(session, sync=True)
    took = monotonic() - told[0]
    visitor.join()
    assert took < 10
    assert not session.home.server_file.exists()
    kept = Conversations(session.home.conversations)
    turns = [turn for seen in asked for turn in kept.turns(seen.conversation)]
    answered = [turn for turn in turns if turn.answer is not None]
    assert len(turns) == 6
    assert (len(answered), {turn.stopped for turn in answered}) == (4, {True})
    assert [turn.error for turn in turns if turn.answer is None] == [STOPPED_WAITING] * 2
