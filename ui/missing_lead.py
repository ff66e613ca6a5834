"""What is said before that which an answer does not tell."""

from assistant.answer import Answer


def missing_lead(answer: Answer) -> str:
    """A few words, without a colon, for the page and the terminal.

    That a whole question is not answered by what stands is but the model's word on it, and right for three
    answers in five (docs/log.md).
    """
    if answer.missing == answer.standalone_question:
        return "Perhaps not answered in full"
    return "Not answered from your articles"
