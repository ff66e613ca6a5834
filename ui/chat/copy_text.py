"""An answer as plain text with its footnotes, for pasting elsewhere."""

from assistant.answer import Answer, Citation
from ui.chat.disagreement_lead import disagreement_lead
from ui.markup import safe_link


def copy_with_footnotes(answer: Answer) -> str:
    """The answer with [n] marks, then the numbered sources with title, publisher, date, address and quote."""
    if answer.status == "not_in_library":
        return _not_in_library(answer)
    parts = [" ".join(_marked(one.text, one.citations) for one in answer.sentences) or answer.text]
    if answer.missing:
        parts.append(f"Not answered from the articles: {answer.missing}")
    for disagreement in answer.disagreements:
        claims = [f"- {_marked(claim.text, (claim.citation,))}" for claim in disagreement.claims]
        parts.append("\n".join([f"The sources disagree. {disagreement_lead(disagreement)}", *claims]))
    if answer.citations:
        parts.append("\n\n".join(_source(one) for one in answer.citations))
    return "\n\n".join(part for part in parts if part) + "\n"


def _marked(text: str, numbers: tuple[int, ...]) -> str:
    marks = "".join(f"[{number}]" for number in numbers)
    return f"{text} {marks}" if marks else text


def _source(citation: Citation) -> str:
    facts = (
        citation.title,
        citation.publisher,
        citation.published,
        f"p. {citation.page}" if citation.page is not None else None,
        safe_link(citation.url) or citation.article,
    )
    quote = " ".join(citation.quote.split())
    return f"[{citation.number}] {', '.join(fact for fact in facts if fact)}\n    “{quote}”"


def _not_in_library(answer: Answer) -> str:
    lines = [f"{answer.question}", "", "Not in the articles."]
    if answer.nearest:
        lines += ["Nearest articles:"]
        for one in answer.nearest:
            lines.append(", ".join(fact for fact in (f"- {one.title}", one.published) if fact))
            lines += [f"  “{one.quote}”"] if one.quote else []
    return "\n".join(lines) + "\n"
