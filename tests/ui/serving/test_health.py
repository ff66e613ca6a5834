"""A supervisor learns whether the process lives and can answer, and nothing else."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ui.chat.status_line import LibraryStatus
from ui.serving.health import LIVES, READY, health_routes

GOOD = LibraryStatus(articles=3, model="small", model_present=True)


def asked(path: str, status: LibraryStatus = GOOD) -> tuple[int, object]:
    app = FastAPI()
    app.include_router(health_routes(lambda: status))
    answer = TestClient(app).get(path)
    return answer.status_code, answer.json()


def test_a_process_that_answers_is_alive_whatever_it_lacks() -> None:
    assert asked(LIVES, replace(GOOD, articles=None, problem="gone")) == (200, {"status": "alive"})


def test_with_a_library_and_a_model_it_is_ready() -> None:
    assert asked(READY) == (200, {"status": "ready", "lacking": []})


@pytest.mark.parametrize(
    ("status", "lacking"),
    [
        (replace(GOOD, model_present=False), ["model"]),
        (replace(GOOD, articles=0), ["articles"]),
        (replace(GOOD, articles=None, problem="library /secret/place is damaged"), ["library"]),
        (replace(GOOD, articles=None, problem="damaged", model_present=False), ["library", "model"]),
    ],
)
def test_what_is_lacking_is_named_and_nothing_else_is_told(status: LibraryStatus, lacking: list[str]) -> None:
    assert asked(READY, status) == (503, {"status": "not ready", "lacking": lacking})
