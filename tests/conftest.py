"""Shared set-up: no test touches the user's data, unit tests reach neither network nor weights.

The real parts come as fixtures; a test that asks for one gets the part's marker by itself, and is left out
with a reason where the machine lacks the part.
"""

import gc
import importlib.machinery
import ipaddress
import itertools
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import hypothesis
import pytest
from _pytest.mark.expression import Expression
from hypothesis.internal import charmap
from hypothesis.internal.intervalsets import IntervalSet
from loopback import alone
from real_parts import QdrantProcess, find_qdrant, leave_out, left_out, mark_by_fixture

from ui.home import Home

if TYPE_CHECKING:  # imported where they are used: the process that only hands out tests needs none of them
    from assistant.llama_writer import LlamaWriter
    from index_store.sentence_embedder import SentenceEmbedder

# Where the user's weights are, found before any test hides the user's folder.
USER_MODELS = Home.find().models
REAL = ("model", "server", "browser", "namespace", "long")
SMALLEST_WEIGHTS = 2**20
_numbers = itertools.count()


class Guard:
    """An audit hook: it hears of every socket and every file of a database, whoever opens it in whatever
    thread. While closed, it fails the test that reaches for anything but this machine, by address or by name;
    in a unit test also the one that opens a store on disk."""

    closed = False
    unit = False
    names = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
    addresses = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
    heard = names | addresses

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "sqlite3.connect" and self.unit and str(arguments[0]).endswith("storage.sqlite"):
            pytest.fail("a unit test may not open a store on disk: keep it in memory, or mark it 'whole'")
        if event not in self.heard or not self.closed:  # it is told of everything: most must cost nothing
            return
        if event in self.names:
            host = arguments[0]
        else:
            host = arguments[1][0] if isinstance(arguments[1], tuple) else None
        if not _is_this_machine(host):
            pytest.fail(
                f"a unit test may not reach {host}: serve on 127.0.0.1, or mark the test with one of {REAL}"
            )


def _is_this_machine(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost"):
        return True  # a socket file, or this machine's own addresses
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


# How long an example takes says more about the machine than about the code.
# Few examples where somebody waits, and many by `make test-long`; each run draws others. One failure is told,
# as small as it can be made, and not explained line by line: that takes longer than a test may.
for profile, examples in (("footnote", 30), ("thorough", 1000)):
    hypothesis.settings.register_profile(
        profile,
        deadline=None,
        max_examples=examples,
        phases=set(hypothesis.Phase) - {hypothesis.Phase.explain},
        report_multiple_bugs=False,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
hypothesis.settings.load_profile("footnote")
guard = Guard()
sys.addaudithook(guard.hear)


def _characters_of(codec: str) -> tuple[IntervalSet, IntervalSet]:
    """What a codec can encode, and what of it does not come back the same. Hypothesis tries each of 1.1
    million characters: 2 s in each process of a fresh checkout. UTF-8 takes all but the surrogates."""
    if codec == "utf-8":
        return IntervalSet([(0, 0xD7FF), (0xE000, sys.maxunicode)]), IntervalSet([])
    return _found_out(codec)


_found_out, charmap.intervals_from_codec = charmap.intervals_from_codec, _characters_of


class LessWork(importlib.machinery.PathFinder):
    """Libraries that do what no test needs each time they are imported: that is left out.

    Gradio writes type stubs beside its own files: 2 s. Qdrant's client completes all of its 326 models: 1 s.
    Pydantic completes each of them anyway when it is first used.
    """

    left_out: ClassVar[dict[str, str]] = {
        "gradio.component_meta": "create_or_modify_pyi",
        "qdrant_client._pydantic_compat": "update_forward_refs",
    }

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in cls.left_out:
            return None
        spec = super().find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_replace(module: Any) -> None:
                execute(module)
                setattr(module, cls.left_out[fullname], lambda *_: None)

            spec.loader.exec_module = execute_and_replace  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, LessWork)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where no test with a browser can be meant, their folder, and what drives a browser, is not loaded."""
    wanted: str = config.option.markexpr
    if not wanted or collection_path.name != "browser" or not collection_path.is_dir():
        return None
    others = ("model", "server", "namespace", "long", "whole")
    for carries in itertools.product((False, True), repeat=len(others)):
        carried = {"browser": True, **dict(zip(others, carries, strict=True))}
        if Expression.compile(wanted).evaluate(lambda name, carried=carried, **_: carried.get(name, False)):
            return None
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark_by_fixture(items)


def pytest_collection_finish() -> None:
    import llama_cpp  # noqa: F401 - it never closes its files: no garbage, if it is there from the start


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What importing makes stays: not worth searching for garbage, neither meanwhile nor again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(20_000, 20, 20)  # what a test leaves is small, and most goes without a search


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in left_out(terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(autouse=True)
def footnote_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user directory of the test's own, not made yet; the user's settings do not count."""
    for name in list(os.environ):
        if name.startswith("FOOTNOTE_") and not name.startswith("FOOTNOTE_TEST_"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_numbers))
    monkeypatch.setenv("FOOTNOTE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _neither_network_nor_weights(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    guard.closed = not any(request.node.get_closest_marker(marker) for marker in REAL)
    guard.unit = guard.closed and request.node.get_closest_marker("whole") is None
    if guard.closed:
        _close_to_weights(monkeypatch)
    yield
    guard.closed = guard.unit = False


def _close_to_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    import llama_cpp

    for module in (llama_cpp, llama_cpp.llama_cpp):
        monkeypatch.setattr(
            module, "llama_model_load_from_file", _small_only(module.llama_model_load_from_file)
        )
    encoders = sys.modules.get("sentence_transformers")
    if encoders is None:  # importing it takes seconds
        encoders = ModuleType("sentence_transformers")
        encoders.__spec__ = importlib.machinery.ModuleSpec("sentence_transformers", None)
        monkeypatch.setitem(sys.modules, "sentence_transformers", encoders)
    monkeypatch.setattr(encoders, "SentenceTransformer", _refuse_weights, raising=False)


def _small_only(load: Callable[..., Any]) -> Callable[..., Any]:
    """What is no model at all may be given to llama.cpp, to see how it is refused."""

    def checked(path: bytes, *arguments: Any) -> Any:
        if os.path.exists(path) and os.path.getsize(path) > SMALLEST_WEIGHTS:
            _refuse_weights(os.fsdecode(path))
        return load(path, *arguments)

    return checked


def _refuse_weights(what: str, *_: Any, **__: Any) -> NoReturn:
    pytest.fail(f"a unit test may not load weights ({what}): use the fakes, or mark the test with 'model'")


@pytest.fixture(autouse=True, scope="session")
def _sqlite_that_does_not_wait_for_the_disk() -> Iterator[None]:
    connect = sqlite3.connect

    def connect_quickly(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA synchronous = OFF")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_quickly)
        yield


@pytest.fixture(autouse=True, scope="session")
def _qdrant_clients_are_given_vectors_and_no_texts() -> Iterator[None]:
    """Each client copies the schemas with which it could embed texts, 700 times in all, and looks through
    all it is given for such texts. Footnote embeds by itself."""
    from qdrant_client.embed import schema_parser
    from qdrant_client.embed.type_inspector import Inspector

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema_parser, "deepcopy", lambda tables: tables)
        patch.setattr(Inspector, "inspect", lambda *_: False)
        yield


@pytest.fixture(autouse=True, scope="session")
def _settings_are_understood_once() -> Iterator[None]:
    """What a setting is called in the environment, and whether it is a list there, follows from its type.
    It is worked out anew for each of thirty settings whenever they are read, which is in every command."""
    from pydantic_settings import EnvSettingsSource

    known: dict[Any, Any] = {}

    def once(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(source: Any, field: Any, *name: str) -> Any:
            key = (ask, source.settings_cls, source.env_prefix, source.case_sensitive, id(field), *name)
            if key not in known:
                known[key] = ask(source, field, *name)
            return known[key]

        return asked

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_extract_field_info", "_field_is_complex"):
            patch.setattr(EnvSettingsSource, name, once(getattr(EnvSettingsSource, name)))
        yield


@pytest.fixture(scope="session")
def qdrant_binary() -> Path:
    """The Qdrant server's program."""
    return find_qdrant() or leave_out("qdrant_binary", "no binary; .ci/run installs one")


@pytest.fixture(scope="session")
def qdrant_server(qdrant_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Qdrant server that all tests share: name collections so that they do not meet."""
    server = QdrantProcess(qdrant_binary, tmp_path_factory.mktemp("qdrant"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def small_writer() -> "Iterator[LlamaWriter]":
    """The small real model, from the user's own model folder."""
    from assistant.answer import ModelName
    from assistant.errors import ModelDamaged, ModelMissing
    from assistant.llama_writer import LlamaWriter
    from assistant.models.catalogue import Catalogue
    from assistant.models.model_files import ModelFiles

    catalogue = Catalogue.load()
    entry = catalogue.writer(catalogue.test_writer)
    try:
        file = ModelFiles(USER_MODELS, catalogue).path(entry.id)
    except (ModelMissing, ModelDamaged) as error:
        leave_out("small_writer", str(error))
    writer = LlamaWriter(ModelName(entry.id, entry.sha256), file)
    yield writer
    writer.close()


@pytest.fixture(scope="session")
def real_embedder() -> "SentenceEmbedder":
    """The default embedder, from the user's own model folder."""
    from assistant.errors import ModelDamaged, ModelMissing
    from assistant.models.catalogue import Catalogue
    from assistant.models.model_files import ModelFiles
    from index_store.sentence_embedder import SentenceEmbedder

    catalogue = Catalogue.load()
    entry = catalogue.embedder("all-MiniLM-L6-v2")
    try:
        folder = ModelFiles(USER_MODELS, catalogue).path(entry.id)
    except (ModelMissing, ModelDamaged) as error:
        leave_out("real_embedder", str(error))
    return SentenceEmbedder(
        entry.id,
        folder,
        dimensions=entry.dimensions,
        query_prefix=entry.query_prefix,
        document_prefix=entry.document_prefix,
    )


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's program."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else leave_out("chromium", "no Chromium; .ci/run installs one")


@pytest.fixture(scope="session")
def loopback_only() -> None:
    """This machine lets a process have a network with nothing but the loopback, and its calls be watched."""
    if shutil.which("strace") is None:
        leave_out("loopback_only", "no strace; .ci/run installs one")
    try:
        alone([])
    except OSError as error:
        leave_out("loopback_only", str(error))
