"""The words that the model is given besides evidence and question. What small models do with them is
in docs/log.md; the orders to draft hold no way to refuse, since a small model then refuses nearly all."""

from assistant.writer import Prompt

SYSTEM = (
    "You answer questions for engineers and analysts from the sources they have collected. "
    "Say only what the sources say. Keep every number, unit, date and name exactly as the sources give it."
)


def draft_prompt(evidence: str, question: str) -> Prompt:
    """Asks for the answer itself."""
    return Prompt(
        SYSTEM,
        f"Sources:\n\n{evidence}",
        f"Question: {question}\n"
        "Answer the question in two to four complete sentences of plain prose, the direct answer first, "
        "with the figures and names that the sources give. No list, no introduction.",
    )


def sufficiency_prompt(evidence: str, question: str) -> Prompt:
    """Asks whether the evidence holds the answer; read behind the same evidence as the draft."""
    return Prompt(
        SYSTEM,
        f"Sources:\n\n{evidence}",
        f"Question: {question}\nDo the sources above state the answer to this question? Reply Yes or No.",
    )
