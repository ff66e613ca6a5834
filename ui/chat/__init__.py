"""The chat page: turns, footnotes, source panel, kept conversations."""
