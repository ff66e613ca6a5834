import pytest
from tiny_footnote import CATALOGUE

from index_store.errors import RunError
from ui.models.model_trouble import trouble

ENTRY = CATALOGUE.entry("second-writer")
HASH, OTHER = "0f" * 32, "a1" * 32


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            f"model 'second-writer' is damaged: second.gguf has SHA-256 {HASH}, expected {OTHER};"
            " run: footnote models fetch second-writer",
            "It is damaged: the file is not the one that was published; fetch it again",
        ),
        (
            "model 'second-writer' is damaged: second.gguf has 12 bytes, expected 1117320768;"
            " run: footnote models fetch second-writer",
            "It is damaged: the file has not the size of the one that was published; fetch it again",
        ),
        (
            "model 'second-writer' could not be fetched (hub: https://hub.example is away (no route);"
            f" registry: refused, second.gguf has SHA-256 {HASH}, expected {OTHER}); try again, or put what"
            " you have of it from elsewhere at /models/second.gguf",
            "It could not be fetched (the model hub: https://hub.example is away (no route);"
            " the package registry: the file is not the one that was published); try again, or put what you"
            " have of it from elsewhere at /models/second.gguf",
        ),
        ("/models/x.lock cannot be locked (no)", "/models/x.lock cannot be locked (no)"),
    ],
)
def test_what_went_wrong_is_told_without_hashes_and_with_what_to_do(error: str, told: str) -> None:
    assert trouble(RunError(error), ENTRY) == told
