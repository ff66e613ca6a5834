"""What can go wrong between a question and its answer, and around the model files.

UsageError ── QuestionEmpty, QuestionTooLong, UnknownModel, ModelHasNoFile
RunError ──── ModelMissing, ModelDamaged, ModelUnusable, FetchFailed
"""

from index_store.errors import RunError, UsageError


class QuestionEmpty(UsageError):
    """There is nothing to answer."""


class QuestionTooLong(UsageError):
    """The question does not fit beside its evidence."""


class UnknownModel(UsageError):
    """The catalogue has no such model."""


class ModelHasNoFile(UsageError):
    """The catalogue knows the model, but it only runs on servers: there is nothing to fetch or to load."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"model {model!r} has no file: it runs on servers alone, which Footnote does not ask; "
            "choose one with a file: footnote models list"
        )


class ModelMissing(RunError):
    """A model's file is not on this machine yet."""


class ModelDamaged(RunError):
    """A model's file is not the one the catalogue pins: its size or SHA-256 differs."""


class ModelUnusable(RunError):
    """The right file is there, and still the model cannot be loaded or run."""


class FetchFailed(RunError):
    """No source could deliver a model's file."""
