"""From clean text to passages: cut along the structure, nothing kept twice."""
