"""Telemetry, update checks and downloads of the libraries are off, whatever the environment says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_surroundings import LOUD

from index_store.quiet_libraries import SILENT, silence_libraries

ROOT = Path(__file__).parents[2]
# What the libraries make of their environment, each in its own words.
ASKED = """
import json, os
from index_store.quiet_libraries import silence_libraries
silence_libraries()
from huggingface_hub import constants
print(json.dumps({
    "offline": constants.HF_HUB_OFFLINE,
    "no telemetry": constants.HF_HUB_DISABLE_TELEMETRY,
    "no update check": constants.HF_HUB_DISABLE_UPDATE_CHECK,
    "loud": sorted(name for name in os.environ if name.startswith(("GRADIO_", "OTEL_", "SPACE"))),
}))
"""


def test_every_word_that_lets_a_library_speak_is_overridden_or_taken_out() -> None:
    environment = dict(LOUD)
    silence_libraries(environment)
    assert environment == SILENT


def test_what_leads_to_a_mirror_or_a_place_on_this_machine_stays() -> None:
    own = {
        "HF_ENDPOINT": "https://mirror.example",
        "HTTPS_PROXY": "http://proxy.example:3128",
        "SSL_CERT_FILE": "/etc/ssl/own.pem",
        "PIP_INDEX_URL": "https://packages.example/simple",
        "GRADIO_TEMP_DIR": "/var/tmp/pages",
        "FOOTNOTE_HOME": "/srv/footnote",
        "PATH": "/usr/bin",
    }
    environment = dict(own)
    silence_libraries(environment)
    assert environment == {**SILENT, **own}


@pytest.mark.whole
def test_the_libraries_take_it_as_it_is_meant() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={**os.environ, **LOUD, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == {
        "offline": True,
        "no telemetry": True,
        "no update check": True,
        "loud": ["GRADIO_ANALYTICS_ENABLED", "OTEL_SDK_DISABLED"],
    }


def test_loading_an_embedder_leaves_its_libraries_silenced(monkeypatch: pytest.MonkeyPatch) -> None:
    from index_store.sentence_embedder import PlainEncoder

    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "0")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ImportError):
        PlainEncoder("none", Path("none"))
    assert (os.environ["HF_HUB_OFFLINE"], os.environ["HF_HUB_DISABLE_TELEMETRY"]) == ("1", "1")


def test_importing_the_engine_of_the_embedder_leaves_it_silenced(monkeypatch: pytest.MonkeyPatch) -> None:
    from index_store.onnx_encoder import NotEncodable, OnnxEncoder

    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "0")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(NotEncodable):
        OnnxEncoder(Path("no.onnx"), Path("none"), threads=1)
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
