"""About how long a text is for a model, without any model's tokenizer."""

import re

# A run of letters or underscores is cut where no word is longer: a megabyte of them must not count as one.
_TOKEN = re.compile(r"[\u3040-\ud7af]|[^\W\d_\u3040-\ud7af]{1,20}|\d|[^\w\s]|_{20}")


def count_tokens(text: str) -> int:
    """About how many tokens a model's tokenizer makes of `text`: words, digits, signs, CJK characters."""
    return len(_TOKEN.findall(text))
