"""From an empty user directory to the highlighted words: real process, model, page and browser."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from page_steps import Watched, send, visit
from playwright.sync_api import Browser, expect

import ingest
from assistant.models.catalogue import Catalogue
from assistant.models.model_files import ModelFiles
from index_store.sentence_embedder import SentenceEmbedder
from ingest.article_file import ArticleReader
from ui.home import Home

BANK = "We run Llama on-premise in a bank: which open model should we move to, and why?"
STARTER = Path(ingest.__file__).parent / "starter_library" / "articles"
# Found before any test hides the user's folder.
USER_MODELS = Home.find().models
PATIENCE = 180_000  # milliseconds for an answer: a busy machine reads and writes slowly


@pytest.fixture
def served(footnote_home: Path, real_embedder: SentenceEmbedder) -> Iterator[str]:
    """A `footnote serve` of its own, with the default model, or the small one where that is missing."""
    catalogue = Catalogue.load()
    files = ModelFiles(USER_MODELS, catalogue)
    model = next(
        (id for id in (catalogue.default_writer, catalogue.test_writer) if files.status(id) == "present"),
        None,
    )
    if model is None:
        pytest.skip("no model on this machine; make install fetches one")
    footnote_home.mkdir(parents=True)
    (footnote_home / "models").symlink_to(USER_MODELS)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {**os.environ, "FOOTNOTE_MODEL": model}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--sync", "--port", str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 180
        while not _answers(address):
            assert process.poll() is None, "footnote serve ended by itself"
            assert time.monotonic() < deadline, "the page did not open"
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.timeout(600)
def test_a_question_is_answered_and_its_mark_opens_the_very_words_of_the_article(
    served: str, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watched = Watched(page)
    visit(page, served)
    # The page opens while the library is still being read: what is not in it yet cannot be found.
    expect(page.locator("#status")).to_contain_text("10 articles, synced", timeout=PATIENCE)
    send(page, BANK)
    expect(page.locator("#latest .turn.finished")).to_be_visible(timeout=PATIENCE)
    mark = page.locator("#latest .turn.finished .mark").first
    expect(mark).to_be_visible()
    mark.click()
    highlighted = page.locator("#source-panel mark").first
    expect(highlighted).to_be_visible()
    words = highlighted.inner_text()
    reader = ArticleReader()
    texts = [reader.read(file, source="starter", path=file.name).text for file in STARTER.glob("*.md")]
    files = [re.sub(r"[*`]", "", file.read_text(encoding="utf-8")) for file in STARTER.glob("*.md")]
    assert len(words) > 20
    assert any(words in text for text in texts)
    assert any(" ".join(words.split()) in " ".join(file.replace("|", " ").split()) for file in files)
    assert watched.hosts == {served.removeprefix("http://")}
    assert watched.complaints == []
    page.close()
