"""With the models here, nothing leaves the machine: no request of the page, no call of any process.

Watched are the system calls of Footnote and of all that it starts, in a network that has the loopback alone,
and with an environment that asks every library to speak.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hostile_surroundings import LEADING_AWAY, LOUD
from loopback import alone
from offline_visit import ALONE, BESIDE, HINTS, Visit, fetched, listen
from playwright.sync_api import Browser
from real_parts import leave_out
from system_calls import Reach, reaches, watched

import ingest
from assistant.models.catalogue import Catalogue
from assistant.models.model_files import ModelFiles
from index_store.sentence_embedder import SentenceEmbedder
from ui.home import Home

pytestmark = pytest.mark.timeout(1800)
TESTS = Path(__file__).parents[2]
USER_MODELS = Home.find().models
# Where tests are run by a machine, some libraries keep quiet by themselves, which would prove nothing.
MACHINES = (
    "PYTHONDONTWRITEBYTECODE",
    "CI",
    "TF_BUILD",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILD_ID",
    "JENKINS_URL",
    "TRAVIS",
    "CIRCLECI",
)


@dataclass(frozen=True)
class Seen:
    """What a visit left: its own report, and what the processes reached for and did at all, by trace."""

    report: dict[str, list[str]]
    reached: dict[str, list[Reach]]
    calls: dict[str, list[str]]
    home: Path


@dataclass(frozen=True)
class Place:
    """Where a visit works: a folder, a user's home with the models in it, and its hostile environment."""

    folder: Path
    home: Path
    environment: dict[str, str]

    def run(self, command: list[str], seconds: float) -> None:
        """Run a program in a network with the loopback alone, with all that it starts."""
        with (self.folder / "said").open("w+") as said:
            running = subprocess.Popen(
                alone(command), env=self.environment, stdout=said, stderr=said, start_new_session=True
            )
            try:
                running.wait(seconds)
            finally:
                # Whatever it started goes with it.
                with suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
            said.seek(0)
            assert running.returncode == 0, said.read()[-4000:]

    def calls(self) -> dict[str, list[str]]:
        """The lines of each trace, by its name."""
        return {file.stem: file.read_text().splitlines() for file in self.folder.glob("*.trace")}


@pytest.fixture(scope="module")
def place(
    loopback_only: None, real_embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Place:
    catalogue = Catalogue.load()
    model = catalogue.test_writer
    if ModelFiles(USER_MODELS, catalogue).status(model) != "present":
        leave_out("small_writer", f"no model {model} on this machine; footnote models fetch {model}")
    folder, home = tmp_path_factory.mktemp("visit"), tmp_path_factory.mktemp("home")
    (home / "footnote").mkdir()
    (home / "footnote" / "models").symlink_to(USER_MODELS)
    (home / "footnote" / "settings.toml").write_text("sources = []\n")
    own = {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "FOOTNOTE_HOME": str(home / "footnote"),
        "FOOTNOTE_MODEL": model,
        "FOOTNOTE_WARMING": "false",
        "PYTHONPATH": os.pathsep.join(map(str, (TESTS.parent, TESTS, TESTS / "ui", TESTS / "ingest"))),
    }
    kept = {name: value for name, value in os.environ.items() if name not in MACHINES}
    return Place(folder, home, kept | LOUD | LEADING_AWAY | own)


@pytest.fixture(scope="module")
def visit(place: Place, chromium: Path) -> Seen:
    program = Path(__file__).with_name("offline_visit.py")
    place.run([sys.executable, str(program), str(chromium), str(place.folder)], 1700)
    calls = place.calls()
    reached = {name: list(reaches(lines)) for name, lines in calls.items()}
    return Seen(json.loads((place.folder / "visit.json").read_text()), reached, calls, place.home)


def test_everything_works_without_a_network(visit: Seen) -> None:
    opened = ["chat", "answer", "source", "library", "preview", "sync", "article", "models", "users"]
    assert visit.report["opened"] == opened
    assert len(visit.report["quote"]) > 10


def test_no_process_of_footnote_reaches_for_anything_beyond_this_machine(visit: Seen) -> None:
    assert visit.reached == {name: [] for name in ("sync", "serve", *BESIDE, *ALONE)}


def test_each_of_them_was_watched_with_all_that_it_started(visit: Seen) -> None:
    for name, calls in visit.calls.items():
        assert any("quiet_libraries" in call for call in calls), name
    # What reads documents is a process of its own, and what is said to the browser is heard.
    assert any("document_process" in call for call in visit.calls["sync"])
    assert any("HTTP/1.1 200" in call for call in visit.calls["serve"])


def test_the_page_asks_for_nothing_beyond_it_and_is_refused_nothing(visit: Seen) -> None:
    asked = [*visit.report["asked"], *visit.report["fetched"]]
    places = [urlsplit(url) for url in asked if not url.startswith(("data:", "blob:"))]
    assert {place.hostname for place in places} == {"127.0.0.1"}
    assert {"/", "/library", "/models", "/users"} <= {place.path for place in places}
    # The browser's log knows of more than the page tells.
    assert any("icon" in url for url in visit.report["fetched"])
    assert visit.report["complaints"] == []


def test_no_library_keeps_an_identifier_of_this_machine(visit: Seen) -> None:
    assert not (visit.home / ".cache" / "Microsoft").exists()


@pytest.mark.long
def test_the_benchmark_with_all_its_libraries_reaches_for_nothing_either(place: Place) -> None:
    """LlamaIndex answers there as it comes, with tokens and words that it would fetch where they lack."""
    starter = Path(ingest.__file__).parent / "starter_library"
    trace = place.folder / "bench.trace"
    words = (
        "bench",
        str(starter / "questions.jsonl"),
        "--library",
        str(starter / "articles"),
        "--quick",
        "--json",
    )
    place.run(watched([sys.executable, "-m", "ui.cli", *words], trace), 1700)
    calls = place.calls()["bench"]
    assert any("llama_index" in call for call in calls)
    assert list(reaches(calls)) == []


HERE = "http://127.0.0.1:9/"
TELLING_PAGE = """
<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<link rel="preconnect" href="https://fonts.telemetry.example"><link rel="icon" href="data:,">
<img src="https://counter.telemetry.example/seen.gif"><script src="https://scripts.telemetry.example/a.js"></script>
"""


def test_a_page_that_reaches_out_is_caught_whether_or_not_it_is_let(browser: Browser) -> None:
    seen = Visit()
    context = browser.new_context()
    listen(context, seen)
    context.route("**/*", lambda route: route.abort())
    context.route(HERE, lambda route: route.fulfill(body=TELLING_PAGE, content_type="text/html"))
    page = context.new_page()
    with page.expect_console_message(lambda said: "refused: " in said.text):
        page.goto(HERE)
    assert "https://counter.telemetry.example/seen.gif" in seen.asked
    assert page.evaluate(HINTS) == ["https://fonts.telemetry.example/"]
    assert any("refused: script-src-elem https://scripts.telemetry.example" in one for one in seen.complaints)
    context.close()


def test_the_browsers_log_tells_what_was_fetched_for_a_page_and_not_for_itself(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        '{"params":{"initiator":"http://127.0.0.1:7860","method":"GET","url":"https://cdn.example/icon.svg"},"phase":1},\n'
        '{"params":{"initiator":"not an origin","method":"POST","url":"https://update.example/service"},"phase":1},\n'
        '{"params":{"priority":"IDLE","url":"https://autofill.example/v1"},"phase":1,"type":2},\n'
    )
    assert fetched(log) == ["https://cdn.example/icon.svg"]
