"""Whatever an installed library reads to know whether it may tell its maker something is known, and silenced.

A library that is new, or has learned to speak, fails here: look at what it reads, then silence it in
`index_store/quiet_libraries.py`, or say below why there is nothing to silence.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pytest
from hostile_surroundings import LOUD
from packaging.requirements import Requirement

from index_store.quiet_libraries import SILENT, silence_libraries

pytestmark = pytest.mark.whole

_SPEAKING = (
    "TELEMETRY ANALYTICS DO_NOT_TRACK TRACKING OTEL_SDK OTEL_AUTO OTEL_EXPORTER UPDATE_CHECK"
    " PIP_VERSION_CHECK _OFFLINE USAGE_STATS PHONE_HOME SENTRY_ POSTHOG SEGMENT_WRITE"
).split()
_HINTS = tuple(word.encode() for word in _SPEAKING)
_VARIABLE = re.compile(rf"""["']([A-Z0-9_]*(?:{"|".join(_SPEAKING)})[A-Z0-9_]*)["']""".encode())

NOTHING_TO_SILENCE = {
    "MLFLOW_TRACKING_URI": "transformers and sentence-transformers, where a model is trained",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "taken out with all that begin so",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "taken out with all that begin so",
    "GRADIO_ANALYTICS_MAX_EVENTS": "taken out with all that begin so",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "taken out with all that begin so",
}
COMPILED_THAT_SPEAK: dict[str, tuple[str, ...]] = {
    "onnxruntime": ("ORT_DISABLE_TELEMETRY",),
    "hf-xet": ("HF_XET_TELEMETRY_ENABLED", "HF_HUB_DISABLE_TELEMETRY"),
    "grpcio": (),  # names for a collector that a program would have to plug in
}
"""By which variables each is silenced."""


@cache
def needed() -> tuple[str, ...]:
    """The distributions that Footnote needs, and those that they need, by name."""
    found: set[tuple[str, str]] = set()
    waiting = [("footnote", "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in found:
            continue
        try:
            wants = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # for another system, or another Python
        found.add((name, extra))
        for want in map(Requirement, wants):
            if want.marker is None or want.marker.evaluate({"extra": extra}):
                spelt = want.name.lower().replace("_", "-")
                waiting += [(spelt, more) for more in ("", *want.extras)]
    return tuple(sorted({name for name, _ in found} - {"footnote"}))


def files_of(name: str, ending: str) -> Iterator[Path]:
    """The files of a distribution that end so, by the list that was made when it was installed."""
    installed = distribution(name)
    for line in (installed.read_text("RECORD") or "").splitlines():
        file = line.rsplit(",", 2)[0].strip('"')
        if file.endswith(ending) or f"{ending}." in file:
            place = Path(str(installed.locate_file(file)))
            if place.is_file():
                yield place


def knows_of_telemetry(file: Path) -> bool:
    """Whether the word stands in a compiled file, of which some have hundreds of megabytes."""
    with file.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        return any(content.find(word) >= 0 for word in (b"TELEMETRY", b"telemetry"))


def test_all_that_footnote_is_made_of_is_looked_at() -> None:
    wanted = {"apscheduler", "gradio", "llama-index-core", "onnxruntime", "qdrant-client", "transformers"}
    assert wanted <= set(needed())
    assert len(needed()) > 90


def test_every_variable_by_which_a_library_speaks_is_silenced() -> None:
    read: dict[str, set[str]] = {}
    for name in needed():
        for file in files_of(name, ".py"):
            content = file.read_bytes()
            if any(hint in content for hint in _HINTS):
                for variable in _VARIABLE.findall(content):
                    read.setdefault(variable.decode(), set()).add(name)
    known = SILENT.keys() | NOTHING_TO_SILENCE.keys()
    assert {variable: names for variable, names in read.items() if variable not in known} == {}
    # It would be found if it were not known.
    assert {"HF_HUB_DISABLE_TELEMETRY", "GRADIO_ANALYTICS_ENABLED", "DO_NOT_TRACK"} <= read.keys()


def test_the_compiled_libraries_that_know_of_telemetry_are_silenced() -> None:
    speak = {name for name in needed() if any(knows_of_telemetry(file) for file in files_of(name, ".so"))}
    assert speak <= COMPILED_THAT_SPEAK.keys()
    wanted = {variable for name in speak for variable in COMPILED_THAT_SPEAK[name]}
    assert wanted <= SILENT.keys()


def test_the_hostile_environment_of_the_tests_asks_for_all_of_it() -> None:
    left = dict(LOUD)
    silence_libraries(left)
    assert SILENT.keys() <= LOUD.keys()
    assert left == SILENT
