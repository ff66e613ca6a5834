"""Passages in and out of Qdrant: dense and lexical vectors, one search over both."""
