"""The words that the model is given besides evidence and question. What small models do with them is
in docs/log.md; the orders to draft hold no way to refuse, since a small model then refuses nearly all."""

from assistant.writer import Prompt

SYSTEM = (
    "You answer questions for engineers and analysts from the sources they have collected. "
    "Say only what the sources say. Keep every number, unit, date and name exactly as the sources give it."
)


def draft_prompt(evidence: str, question: str) -> Prompt:
    """Asks for the answer itself.

    "What the sources state" keeps a small model with them: asked for an answer or a recommendation it
    gives its own, such as the family it belongs to itself.
    """
    return Prompt(
        SYSTEM,
        f"Sources:\n\n{evidence}",
        f"{question}\n\nAnswer with what the sources state about this case, in complete sentences.",
    )


def sufficiency_prompt(evidence: str, question: str) -> Prompt:
    """Asks whether the evidence holds the answer; read behind the same evidence as the draft."""
    return Prompt(
        SYSTEM,
        f"Sources:\n\n{evidence}",
        f"Question: {question}\nDo the sources above state the answer to this question? Reply Yes or No.",
    )
