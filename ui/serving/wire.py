"""Values of the desk as JSON and back, for the local API: one adapter for each, defined once."""

from pydantic import TypeAdapter

from assistant.answer import Answer
from index_store.passage import ScoredPassage
from index_store.passage_store import ArticleSummary
from ui.desk import ArticleView, Embedding, RemovedSource, SyncStep, SyncSummary

ANSWER = TypeAdapter(Answer)
PASSAGES = TypeAdapter(list[ScoredPassage])
ARTICLES = TypeAdapter(list[ArticleSummary])
ARTICLE = TypeAdapter(ArticleView)
EMBEDDING = TypeAdapter(Embedding)
REMOVED_SOURCE = TypeAdapter(RemovedSource)
SYNC_STEP = TypeAdapter(SyncStep)
SYNC_SUMMARY = TypeAdapter(SyncSummary)
