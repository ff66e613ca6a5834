"""The small real model for the engine's tests: its weights are read once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from real_bench import QUESTIONS, RealBench

from assistant.engine.gguf_model import GgufModel
from assistant.engine.sequence_memory import SequenceMemory
from assistant.engine.state_files import StateFiles
from assistant.llama_writer import LlamaWriter


@pytest.fixture(scope="session")
def gguf_file(small_writer: LlamaWriter) -> Path:
    return small_writer._file


@pytest.fixture(scope="session")
def model(gguf_file: Path) -> Iterator[GgufModel]:
    made = GgufModel(gguf_file)
    yield made
    made.close()


@pytest.fixture
def make_memory(model: GgufModel) -> Iterator[Callable[..., SequenceMemory]]:
    """Makes memories over the model, with one thread: on a busy machine the fastest."""
    made: list[SequenceMemory] = []

    def make(*, cells: int = 1024, sequences: int = 32, batch: int = 512) -> SequenceMemory:
        made.append(SequenceMemory(model, cells=cells, sequences=sequences, batch=batch, threads=1))
        return made[-1]

    yield make
    for memory in made:
        memory.close()


@pytest.fixture
def make_bench(model: GgufModel) -> Iterator[Callable[..., RealBench]]:
    made: list[RealBench] = []

    def make(*arguments: Any, **options: Any) -> RealBench:
        made.append(RealBench(model, *arguments, **options))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


@pytest.fixture(scope="session")
def bench(model: GgufModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBench]:
    """The real engine, its passages read already. (Tests without weights make a bench of their own.)"""
    made = RealBench(model, StateFiles(tmp_path_factory.mktemp("states"), budget=10**9))
    made.ask(QUESTIONS[0], most=1)
    yield made
    made.close()
