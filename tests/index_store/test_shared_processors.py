"""Threads that wait for each other give the processors to whoever wants them."""

import pytest

from index_store.shared_processors import share_processors


def test_threads_wait_in_few_turns() -> None:
    environment: dict[str, str] = {}
    share_processors(environment)
    assert environment == {"GOMP_SPINCOUNT": "1000"}


@pytest.mark.parametrize("told", [{"GOMP_SPINCOUNT": "7"}, {"OMP_WAIT_POLICY": "active"}])
def test_who_tells_how_they_wait_is_heeded(told: dict[str, str]) -> None:
    environment = dict(told)
    share_processors(environment)
    assert environment == told
