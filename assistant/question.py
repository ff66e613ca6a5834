"""What a question must be before anything is done with it."""

from assistant.errors import QuestionEmpty, QuestionTooLong

LONGEST_QUESTION = 4000
"""Characters."""


def checked_question(question: str) -> str:
    """The question without white space around it and without halves of characters, which no tokenizer reads.

    Raises QuestionEmpty, QuestionTooLong.
    """
    text = question.encode("utf-8", errors="replace").decode().strip()
    if not text:
        raise QuestionEmpty("the question is empty; type one")
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(
            f"the question has {len(text):,} characters; shorten it to {LONGEST_QUESTION:,} or fewer"
        )
    return text
