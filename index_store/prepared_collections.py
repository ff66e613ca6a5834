"""Makes a library's collections where they are missing, and refuses those that hold other vectors."""

from qdrant_client import QdrantClient, models

from index_store.errors import EmbedderMismatch, LibraryDamaged
from index_store.qdrant_points import DENSE, LEXICAL


def prepare_collections(
    client: QdrantClient, name: str, *, embedder_id: str, dimensions: int, embedded: bool
) -> None:
    """After this there are `<name>-passages` and `<name>-articles`, for vectors of that embedder.

    Raises EmbedderMismatch when they were made with another one, LibraryDamaged when they do not say which.
    """
    passages, articles = f"{name}-passages", f"{name}-articles"
    if not client.collection_exists(passages):
        client.create_collection(
            passages,
            vectors_config={DENSE: models.VectorParams(size=dimensions, distance=models.Distance.COSINE)},
            sparse_vectors_config={LEXICAL: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            metadata={"embedder": embedder_id, "dimensions": dimensions},
        )
        if not embedded:  # the embedded store has no indexes and warns when asked for one
            client.create_payload_index(
                passages, "article_key", field_schema=models.PayloadSchemaType.KEYWORD
            )
    if not client.collection_exists(articles):
        client.create_collection(articles, vectors_config={})
    made_by = (client.get_collection(passages).config.metadata or {}).get("embedder")
    if made_by is None:
        raise LibraryDamaged(
            f"collection {passages!r} does not say what it was embedded with: another program made "
            "it, or the Qdrant server is older than 1.16; update that, or run: footnote sync --rebuild"
        )
    if made_by != embedder_id:
        raise EmbedderMismatch(
            f"the library was embedded with {made_by!r}, the setting embedder says {embedder_id!r}; "
            f"set it back, or run: footnote sync --rebuild"
        )
