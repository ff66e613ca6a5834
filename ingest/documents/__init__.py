"""Readers of documents: PDF, Word, EPUB and mail, in a process of their own."""
