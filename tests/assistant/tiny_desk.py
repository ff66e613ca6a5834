"""A composition of two small articles, with what drafted sentences pass through."""

from tiny_library import article, hits

from assistant.answer import ModelName
from assistant.asked import Asked
from assistant.composition import Composition
from assistant.drafted_sentences import DraftedSentences
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import quotes_of
from assistant.proof.attribution import Attributor
from index_store.article import Article
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

GEMMA = article(
    "gemma.md", "The licence of Gemma 4 is Apache 2.0. It has 31 billion parameters.", publisher="Google"
)
LLAMA = article("llama.md", "Llama 3 is a model by Meta [12]. It has 8 billion parameters.", title="On Llama")
ASKED = Asked("Is it open?", "Is it open? (about Gemma 4)")
TINY = ModelName("tiny", "ab12")


class Desk:
    """A composition with the attributor that goes with it."""

    def __init__(self, *articles: Article) -> None:
        self.found = hits(*articles)
        self.sentences = EvidenceSentences(self.found, ASKED.standalone, HashEmbedder(512), Bm25Encoder())
        self.composition = Composition(ASKED, TINY, self.found, columns_of=self.sentences.columns_of)
        self.drafted = DraftedSentences(self.composition)
        self._attributor = Attributor(self.sentences)
        self.quotes = [quote for hit in self.found for quote in quotes_of(hit.passage)]

    def add(self, text: str) -> bool:
        return self.drafted.add(text, self._attributor) is not None
