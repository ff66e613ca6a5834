"""Tells the sentences of an article that give orders to the model: they state nothing that could be quoted.

The text of an article never becomes an order, but a small model may still repeat one, and that would then be
found word for word in the article. So what speaks to the model carries no sentence of an answer.
"""

import re
import unicodedata
from collections.abc import Iterator

from index_store.sentences import sentence_spans

_PARAGRAPH = re.compile(r"(?:(?!\n\n)[\s\S])+")
_LONGEST = 2_000  # characters; what is longer is no sentence
# What somebody else is quoted with is told, not said. Apostrophes would make quotations of whole clauses.
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|‘[^’]*’")
# "I g n o r e" is read as one word, by a person and by a model.
_SPACED_OUT = re.compile(r"\b(?:\w ){3,}\w\b")
# A turn that is opened and spoken in; one that is only opened is how a template is shown.
_TURN = re.compile(
    r"(?:<\|im_start\|>|<start_of_turn>|<\|turn>|<\|start_header_id\|>)\s*(?:system|user|assistant|model|developer)"
    r"\b(?:\s*<\|end_header_id\|>)?\s*(?:\w+[\s,.!?]+){2}"
    r"|^\W*\[INST\](?:\s*<<SYS>>)?\s*(?:\w+[\s,.!?]+){2}",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>]{1,60}>|\[/?INST\]|[#>*|`]+")
_CLAUSE = re.compile(
    r"[.:;!?,|–—]+\s+|\s+\|\s+|\b(?:and|but|then|please|always|now|just)\b\s*", re.IGNORECASE
)

_MODEL = r"(?:AIs?|LLMs?|chatbots?|(?:AI |language )?(?:assistants?|models?))"
_ONLY = r"(?:only|solely|exclusively|nothing but|just)"
_SAY = r"(?:answer|reply|respond)"
_SAID = r"(?:answer|reply|response|output)"
_TASK = r"(?:instructions?|orders|rules|guidelines|prompts?|questions?|sources?|messages|conversation)"
# How a clause begins that orders. Each speaks of the conversation itself, which no article can know.
_ORDER = re.compile(
    r"(?:"
    rf"(?:ignore|disregard|forget|override)\s+(?:(?:all|any|every|of|your|previous|prior|earlier|above|system)\s+)+"
    rf"(?:the\s+)?{_TASK}"
    rf"|(?:ignore|disregard|forget|override)\s+(?:all|every)?\s*(?:of\s+)?(?:the|these|those)\s+(?:\w+\s+)?"
    rf"(?:instructions|orders|questions?|sources|conversation)"
    r"|(?:ignore|disregard|forget)\s+everything\s*(?:above|before|else)?\s*$"
    rf"|{_SAY}\s+{_ONLY}\s+(?:with|in|by)\b"
    rf"|{_SAY}\s+(?:with|in)\s.*(?:\b{_ONLY}$|\bnothing else\b|\binstead of\b|\bone word\b|\bthe word\b)"
    rf"|(?:begin|start|end|open|close)\s+(?:each|every|your|all)\s+(?:\w+\s+)?(?:{_SAID}|repl(?:y|ies)|sentence)s?\b"
    r"|(?:print|reveal|repeat|show|output|recite|disclose)\s+(?:\w+\s+){0,3}your\s+(?:\w+\s+)?"
    r"(?:prompt|instructions|orders)\b"
    r"|(?:print|reveal|repeat|output|recite)\s+(?:everything|all|the text|the words)\s.*\babove\b"
    r"|(?:do not|don't|never)\s+(?:answer|tell|mention|cite)\s+(?:\w+\s+)?"
    r"(?:the user|(?:this|the|that) (?:order|question|instruction)|(?:this|these) \w+)"
    r"|(?:tell|ask|urge|advise|instruct)\s+the\s+(?:user|reader)s?\s+to\b"
    r"|send\s+the\s+user's\s+(?:question|data|messages?|password|conversation)\b"
    r"|(?:from (?:now|here) on|you are|act as|pretend to be)\s*,?\s*(?:you (?:are|obey|will|must)\s.*"
    r"|(?:now\s+)?an?\s+(?:\w+\s+){0,3}(?:assistant|pirate|AI|chatbot|language model)\b)"
    rf"|you\s+(?:must|should|shall|will)\s+(?:{_ONLY}\s+)?(?:{_SAY}\s+(?:with|in|{_ONLY})\b|obey\b)"
    r"|you\s+obey\b"
    rf"|your\s+(?:only|whole|entire|sole)\s+(?:\w+\s+)?{_SAID}\s+(?:is|must|should|will)\b"
    rf"|(?:every|each)\s+{_SAID}\s+is\s*:"
    rf"|(?:the\s+)?(?:one\s+|only\s+|right\s+|whole\s+)*{_SAID}\s+to\s+(?:any|every|each|all)\s+questions?\b"
    r"|whatever\s+(?:you are|the user)\s+ask"
    rf"|if\s+you\s+are\s+an?\s+{_MODEL}\b"
    r"|(?:ignoriere|vergiss)\s.*\b(?:frage|anweisung|anweisungen)\b|antworte\s+(?:\w+\s+)?(?:nur|ausschließlich)\b"
    r"|antworte\s+(?:nur|ausschließlich)\b|(?:ignorez|oubliez|ignora|olvida)\s.*\b(?:instruc\w+|questions?|pregunta)\b"
    r"|répondez\s+(?:uniquement|seulement)\b|responde\s+(?:solo|sólo|únicamente)\b"
    r")",
    re.IGNORECASE,
)
# An address at the head of a sentence, with a colon or comma behind it, and words to whom it is addressed.
_ADDRESS = re.compile(
    rf"\W*(?:(?:important|urgent)\s+)?(?:attention|notes?|messages?|instructions?|orders?|notice)\s*,?\s+"
    rf"(?:(?:to|for)\s+)?(?:all\s+|any\s+|the\s+)?{_MODEL}(?:\s+(?:that|who|which)\s+[\w\s]{{1,30}})?\s*[:,]\s+\S"
    r"|\W*(?:wichtige\s+)?anweisung\s+an\s+(?:das|die|den)\s+\w*(?:modell|assistent)\w*\s*:\s+\S",
    re.IGNORECASE,
)
# Somebody plays a turn of the conversation. A title such as "AI: the next decade" does not.
_PLAYED = re.compile(
    r"\W*(?:[Ss]ystem|SYSTEM|[Aa]ssistant|ASSISTANT|AI)"
    r"(?:\s+(?i:override|message|order|notice)\s*:\s+\S"
    r"|\s*:\s+(?i:stop|answer|reply|respond|say|disregard|ignore|print|you)\b)"
    r"|\W*(?:SYSTEM|ASSISTANT)\s*:\s+\S"
)


def addresses_the_model(sentence: str) -> bool:
    """Whether a sentence of an article gives orders to the model, or plays a turn of its conversation.

    What stands in quotation marks is told and does not count; nor does a template's token by itself.
    """
    if len(sentence) > _LONGEST:
        return False
    text = "".join(one for one in sentence if unicodedata.category(one) != "Cf")
    text = _SPACED_OUT.sub(lambda found: found.group().replace(" ", ""), _QUOTED.sub(" … ", text)).strip()
    if _TURN.search(text) or _ADDRESS.match(text) or _PLAYED.match(text):
        return True
    plain = " ".join(_MARKUP.sub(" . ", text).split())
    return any(_ORDER.match(clause.strip()) for clause in _clauses(plain))


def stating_spans(text: str) -> Iterator[tuple[int, int]]:
    """The half-open spans of the sentences of clean text, without the paragraphs that address the model.

    What stands beside an order serves it: the word to be said, the reply that is made up. A table and a
    stretch of code are paragraphs too.
    """
    for paragraph in _PARAGRAPH.finditer(text):
        if not _orders(paragraph.group()):
            spans = sentence_spans(paragraph.group())
            yield from ((paragraph.start() + start, paragraph.start() + end) for start, end in spans)


def ordering_paragraphs(text: str) -> list[str]:
    """The paragraphs that address the model: what else they say is what is to be repeated."""
    return [one.group() for one in _PARAGRAPH.finditer(text) if _orders(one.group())]


def _orders(paragraph: str) -> bool:
    return any(addresses_the_model(paragraph[start:end]) for start, end in sentence_spans(paragraph))


def _clauses(text: str) -> list[str]:
    """The text from each place on where a clause may begin."""
    starts = [0, *(found.end() for found in _CLAUSE.finditer(text))]
    return [text[start:] for start in starts]
