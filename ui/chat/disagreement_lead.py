"""The line above claims that disagree: a whole sentence, whatever words name what they are about."""

from assistant.answer import Disagreement

_COUNTS = {2: "Two", 3: "Three", 4: "Four"}


def disagreement_lead(disagreement: Disagreement) -> str:
    """What the claims are about, in a sentence that leads to them.

    Nearly always that is how one of the claims begins ("The model needs"). Such words are no name for
    anything, and the claim itself follows: then it is only said that the articles differ.
    """
    about = " ".join(disagreement.about.split()).rstrip(".:;, ")
    if not about or any(_begins(claim.text, about) for claim in disagreement.claims):
        return f"{_counted(disagreement)} articles give different figures for the same thing:"
    if about.endswith("?"):
        return f"{_counted(disagreement)} articles answer “{about}” with different figures:"
    return f"This is about “{about}”:"


def _counted(disagreement: Disagreement) -> str:
    return _COUNTS.get(len(disagreement.claims), "Several")


def _begins(claim: str, about: str) -> bool:
    return " ".join(claim.split()).casefold().startswith(about.casefold())
