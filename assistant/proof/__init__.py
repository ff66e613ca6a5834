"""From drafted sentences to proved ones: attribution, exact checks, quotes."""
