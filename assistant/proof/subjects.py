"""Tells where a quote speaks of one thing and the sentence resting on it of another: GRPO for GSPO."""

import re
from collections.abc import Callable

# What has capitals inside or a figure is the name of a thing: GSPO, Qwen3, GPT-4.
_THING = r"(?=[\w.+-]*(?:\d|[A-Z][\w.+-]*[A-Z]))[A-Z][\w+-]*(?:\.\d+)*"
# "Notably Stable: GSPO maintains ...": what stands before the colon is a label.
_SUBJECT = re.compile(
    rf"^\W*(?:[^:.!?]{{1,40}}:\s+)?(?:the |an? |our |both )?({_THING})(?!\w)", re.IGNORECASE
)
_LABELLED = re.compile(
    r"\W*(?P<label>[A-Z][^:.!?]{2,60}):\s+(?P<subject>(?:the|an?|this|that|our|its) (?P<noun>[a-z]+)) "
    r"(?:can |may |will |must |should )?(?P<does>[a-z]{3,})",
    re.IGNORECASE,
)
_OWN_LABEL = re.compile(r"\W*(?P<label>[A-Z][^:.!?;,“”–]{2,50}):\s+\S+(?:\s+\S+){3}")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_SHORT_LABEL = 3
_SIGNS = re.compile(r"[\W_]+")


def other_subject(sentence: str, quote: str) -> str | None:
    """The thing that a quote begins with, where the sentence begins with another that the quote never names.

    None as well where the sentence names the quote's thing somewhere, or either begins with no such name.
    """
    labelled = _behind_its_label(sentence, quote)
    if labelled is not None:
        return labelled
    told, said = _subject(quote), _subject(sentence)
    if told is None or said is None:
        return None
    if _bare(said) in _bare(quote) or _bare(told) in _bare(sentence):
        return None
    return told


def invented_label(sentence: str, read: str, words_of: Callable[[str], frozenset[str]]) -> str | None:
    """The label before a sentence that names a thing with words read which nowhere stand so.

    "Bag number errors: The office counted every unit" makes a cause of what is none; "In short:" names none,
    and a longer one says something of its own.
    """
    found = _OWN_LABEL.match(sentence)
    if found is None:
        return None
    words = words_of(found["label"])
    known = words & words_of(read)
    label = " ".join(_ARTICLE.sub("", found["label"]).casefold().split())
    stands = label in " ".join(read.casefold().split())
    made_up = known != words or (not stands and len(label.split()) <= _SHORT_LABEL)
    return found["label"] if known and made_up else None


def _behind_its_label(sentence: str, quote: str) -> str | None:
    """What a quote speaks of behind its label, where the sentence has the label do the same.

    "Safety requires care" over "Safety: The model requires care".
    """
    found = _LABELLED.match(quote)
    if found is None or re.search(rf"\b{found['noun']}\b", sentence, re.IGNORECASE):
        return None
    does = re.escape(found["does"].removesuffix("s"))
    said = re.match(rf"{re.escape(found['label'])} (?:\w+ ){{0,2}}?{does}", sentence, re.IGNORECASE)
    return found["subject"] if said else None


def _subject(text: str) -> str | None:
    found = _SUBJECT.match(text)
    # Whether a letter is a capital decides, whatever the article before it.
    return found[1] if found and re.fullmatch(_THING, found[1]) else None


def _bare(text: str) -> str:
    return _SIGNS.sub("", text.casefold())
