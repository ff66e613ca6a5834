"""The Library page: articles, sources, uploads, syncs and their runs."""
