"""A thousand questions take no more memory than a hundred."""

from pathlib import Path

import pytest
from real_bench import PASSAGES, QUESTIONS, never

from assistant.engine.state_files import StateFiles
from assistant.llama_writer import LlamaWriter
from assistant.writer import Sources, Task

_MEGABYTES = 20  # what a process may gain by chance: buffers that grow once, fragments


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_memory_stays_flat(small_writer: LlamaWriter, tmp_path: Path) -> None:
    states = StateFiles(tmp_path, budget=10**9)
    writer = LlamaWriter(small_writer.name, small_writer._file, context_tokens=1024, states=states)
    after_hundred = 0
    for number in range(1000):
        shown = Sources("You answer from sources.", PASSAGES[: 1 + number % 2])
        with writer.read(shown, stopped=never) as reading:
            task = Task(f"{QUESTIONS[number % 4]} ({number})", "Answer.", "Is it there? Yes or No.")
            pieces = reading.write(task, max_tokens=4, stopped=never)
            # Every seventh question is given up after its first piece.
            for _ in zip(range(1 if number % 7 == 0 else 100), pieces, strict=False):
                pass
            pieces.close()  # type: ignore[attr-defined]
            assert reading.yes_margins("True? ", ["It is red. Yes or No."], stopped=never)
        if number == 99:
            after_hundred = _resident()
    gained = _resident() - after_hundred
    writer.close()
    assert gained < _MEGABYTES, f"{gained:.0f} MB more after 1,000 questions than after 100"


def _resident() -> float:
    """The memory that this process holds now, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000
