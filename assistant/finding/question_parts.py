"""The parts of a question that asks for several things: each may be answered, or missing."""

import re

_FEWEST_WORDS = 3
_ASKS = (
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did"
    r"|can|could|will|would|should|has|have)"
)
# "..., and on how many cards does it run?"; but "..., and on what grounds?" asks nothing by itself.
_ASKS_ANEW = (
    rf"(?:{_ASKS}\b|(?:about|at|by|for|from|in|of|on|since|to|under|until|with)\s+"
    r"(?:how|what|which|whom|whose)\s+(?:\w+\s+){1,3}?"
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have)\b)"
)
_ASKING = re.compile(rf"\b{_ASKS}\b", re.IGNORECASE)
# "..., and what does it cost?": a clause that asks anew. "... and its licence" asks nothing by itself.
_ANEW = re.compile(
    rf"(?:,|;|\s[-–—])\s+(?:and|but|or)?\s*(?={_ASKS_ANEW})|\s+and\s+(?={_ASKS_ANEW})", re.IGNORECASE
)
# A clause that sets the scene is no part: "When you filled the window, did it hold?"
_SCENE = re.compile(
    r"(?:when|if|where|while|since|because|as|once|given|after|before)\b[^,;]*,\s+(?!and\b|but\b|or\b)",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+")
_ENDS = re.compile(r"(?<=[?？])\s+")


def question_parts(question: str) -> list[str]:
    """The clauses that ask for something, in order; the question alone when it has one.

    A sentence that only sets the scene ("We run Llama in a bank.") belongs to the part behind it.
    """
    parts: list[str] = []
    for sentence in _ENDS.split(question.strip()):
        scene = _SCENE.match(sentence)
        start = scene.end() if scene else 0
        clauses = [clause.strip() for clause in _ANEW.split(sentence[start:]) if clause.strip()]
        clauses[:1] = [sentence[:start] + clause for clause in clauses[:1]]
        parts += _joined(clauses)
    return parts if len(parts) > 1 else [question.strip()]


def asking_sentence(part: str) -> str:
    """What asks in a part, without the sentences that set its scene."""
    return _SENTENCES.split(part.strip())[-1]


def _joined(clauses: list[str]) -> list[str]:
    """Clauses too short to ask for anything, or that do not ask, go with the one before."""
    joined: list[str] = []
    for clause in clauses:
        asks = _ASKING.search(clause) is not None and len(clause.split()) >= _FEWEST_WORDS
        if joined and not (asks and _ASKING.search(joined[-1])):
            joined[-1] = f"{joined[-1]}, {clause}"
        else:
            joined.append(clause)
    return joined
