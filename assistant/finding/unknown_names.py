"""Which names of a question no passage of its evidence knows, and which other passages know them."""

import re
from collections.abc import Sequence

from assistant.finding.narrowed import read_as
from assistant.proof.exact_terms import missing_names, missing_versions, names_in
from index_store.passage import ScoredPassage

_ACTING = re.compile(r"[A-Z][a-z]+ing")
_MOST_COVERING = 2
_DATES = (
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday"
)
# Where somebody is from tells of the case: "that Dutch bank" is mostly told by its name.
_ORIGINS = (
    "african american argentinian asian australian austrian baltic belgian brazilian british bulgarian "
    "canadian chilean chinese croatian czech danish dutch egyptian english estonian european finnish "
    "flemish french german greek hungarian icelandic indian indonesian iranian irish israeli italian "
    "japanese kenyan korean latvian lithuanian mexican nigerian nordic norwegian polish portuguese "
    "romanian russian scandinavian scottish serbian singaporean slovak slovenian spanish swedish swiss "
    "thai turkish ukrainian vietnamese welsh"
)
_TELLS_OF_THE_CASE = frozenset(f"{_DATES} {_ORIGINS}".split())
# "A UK hospital", but not "the EU AI Act".
_COUNTRY_OF = r"\b{name}(?:-based)? [a-z]"
_COUNTRIES = frozenset(("UK", "US", "USA", "EU", "UAE"))
_INITIALS = re.compile(r"[A-Z][A-Za-z]{1,4}[A-Z]")
_WORDS = re.compile(r"[A-Za-z]+")


def unknown_names(question: str, evidence: Sequence[ScoredPassage]) -> list[str]:
    """The names in the question that no passage of the evidence mentions, or what stands above it.

    Who published an article, and when, belongs to what it says. A name with a version is known only where
    both stand together, initials also where their words do. Months, and where somebody is from, name nothing.
    """
    known = "\n".join(f"{hit.passage.origin}\n{hit.passage.text}" for hit in evidence)
    versions = missing_versions(question, known)
    return [
        *versions,
        *(
            name
            for name in missing_names(question, known)
            if not any(name in version for version in versions)
            and not _names_nothing(name, question)
            and not _is_spelled_out(name, known)
        ),
    ]


def naming(question: str, found: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Those that name something that the question names, under their titles; all, where none does."""
    names = {name for name in names_in(question) if not _names_nothing(name, question)}
    of_it = [hit for hit in found if names - set(missing_names(question, read_as(hit.passage)))]
    return of_it or list(found)


def naming_first(question: str, found: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The same, those first that name something that the question names."""
    of_it = naming(question, found)
    ids = {hit.passage.id for hit in of_it}
    return [*of_it, *(hit for hit in found if hit.passage.id not in ids)]


def covering(
    question: str, evidence: Sequence[ScoredPassage], found: Sequence[ScoredPassage]
) -> list[ScoredPassage]:
    """The first two passages found beside the evidence that know a name of the question which it does not."""
    lacking = unknown_names(question, evidence)
    shown = {hit.passage.id for hit in evidence}
    chosen: list[ScoredPassage] = []
    for hit in found:
        if not lacking or len(chosen) == _MOST_COVERING:
            break
        if hit.passage.id in shown:
            continue
        still = unknown_names(question, [*evidence, *chosen, hit])
        if len(still) < len(lacking):
            chosen.append(hit)
            lacking = still
    return chosen


def _names_nothing(name: str, question: str) -> bool:
    """Whether a word with a capital tells when, from where, or what is being done: "Loading Qwen2 dies"."""
    if name.lower() in _TELLS_OF_THE_CASE or _ACTING.fullmatch(name):
        return True
    country = name.removesuffix("-based")
    return country in _COUNTRIES and re.search(_COUNTRY_OF.format(name=country), question) is not None


def _is_spelled_out(name: str, known: str) -> bool:
    """Whether initials stand there as words: MoE as "mixture-of-experts", GPAI as "general-purpose AI"."""
    if not _INITIALS.fullmatch(name):
        return False
    initials = [
        word.lower() if word.isupper() and len(word) > 1 else word[0].lower()
        for word in _WORDS.findall(known)
    ]
    wanted = name.lower()
    for place in range(len(initials)):
        joined = ""
        for some in initials[place : place + len(wanted)]:
            joined += some
            if not wanted.startswith(joined):
                break
            if joined == wanted and joined != some:
                return True
    return False
