"""What can go wrong between a question and its answer, and around the model files.

UsageError ── QuestionEmpty, QuestionTooLong, UnknownModel
RunError ──── ModelMissing, ModelDamaged, ModelUnusable, FetchFailed
"""

from index_store.errors import RunError, UsageError


class QuestionEmpty(UsageError):
    """There is nothing to answer."""


class QuestionTooLong(UsageError):
    """The question does not fit beside its evidence."""


class UnknownModel(UsageError):
    """The catalogue has no such model."""


class ModelMissing(RunError):
    """A model's file is not on this machine yet."""


class ModelDamaged(RunError):
    """A model's file is not the one the catalogue pins: its size or SHA-256 differs."""


class ModelUnusable(RunError):
    """The right file is there, and still the model cannot be loaded or run."""


class FetchFailed(RunError):
    """No source could deliver a model's file."""
