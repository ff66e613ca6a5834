"""Bytes to text: by their mark, as UTF-8, as they declare, or by what their letters look like."""

import re

from ingest.errors import ArticleEmpty, ArticleNotText

# Longer marks first: UTF-32's begins with UTF-16's.
_MARKED = {b"\xff\xfe\x00\x00": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*\b(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE
)
# What no text holds, but what lxml would refuse the whole of it for. Page breaks count as line ends.
CONTROLS: dict[int, str | None] = {
    **dict.fromkeys([*range(9), *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF]),
    0x0B: "\n",
    0x0C: "\n",
}
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WESTERN = "cp1252"
# What pages that name the first of these are in, as browsers read them: the one that holds it, and more.
_AS_BROWSERS = {
    **dict.fromkeys("ascii us-ascii iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1".split(), _WESTERN),
    **dict.fromkeys("iso-8859-9 iso8859-9 latin5".split(), "cp1254"),
    **dict.fromkeys("gb2312 gbk x-gbk gb_2312-80 euc-cn".split(), "gb18030"),
    **dict.fromkeys("shift_jis shift-jis sjis x-sjis ms_kanji windows-31j".split(), "cp932"),
    **dict.fromkeys("euc-kr euckr ks_c_5601-1987 ksc5601 windows-949".split(), "cp949"),
    **dict.fromkeys("big5 big5-hkscs x-x-big5".split(), "big5hkscs"),
    **dict.fromkeys("tis-620 iso-8859-11".split(), "cp874"),
}
# So many signs must be sound for each that is not, for a text to be UTF-8 with a few bytes of something else.
_SOUND_FOR_EACH = 10
# What files without a word about their encoding are still found in. GB18030 holds GBK and GB2312.
_GUESSED = "gb18030 big5 cp932 euc_jp euc_kr koi8_r cp1251 cp1256 cp1250 cp1253 cp1254 cp1255 cp1252".split()
# Fewer letters beyond ASCII than this tell nothing about their encoding.
_FEWEST_LETTERS = 8
_SAMPLE = 32_768
_BEYOND = re.compile("[\x80-\U0010ffff]")
_HIGH = re.compile(rb"[\x80-\xff]")
# How much less like language (charset-normalizer's "chaos", 0 to 1) the western reading may look and yet be
# taken: it is by far the most frequent, and its neighbours differ from it in a few signs only.
_WESTERN_LEAD = 0.02


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text in `data`, its line ends as line feeds; `declared` is the encoding that its sender named.

    Raises ArticleEmpty or ArticleNotText.
    """
    if not data.strip():
        raise ArticleEmpty("the file is empty; add some text, or leave it out")
    for encoding, sure, errors in _encodings(data, declared):
        try:
            text = data.decode(encoding, errors)
            text.encode()  # some that a page can name give halves of characters
        except (UnicodeError, LookupError):
            continue
        if "\x00" in text or (not sure and _BINARY.search(text)):
            raise ArticleNotText("binary data, not text; remove it, or save it as text or HTML")
        return text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS)
    raise ArticleNotText("in no encoding that is known here; save it as UTF-8")


def _encodings(data: bytes, declared: str | None) -> list[tuple[str, bool, str]]:
    """What the bytes may be in, likeliest first; whether that is more than a guess; how errors are taken."""
    for mark, encoding in _MARKED.items():
        if data.startswith(mark):
            return [(encoding, True, "strict")]
    found = [("utf-8-sig", True, "strict")]
    within = _DECLARED.search(data[:4096])
    told = [name.strip().lower() for name in (declared, within and within[1].decode()) if name]
    if _is_utf8(data):
        return found
    if _is_damaged_utf8(data, 1 if told and told[0] in ("utf-8", "utf8") else _SOUND_FOR_EACH):
        found.append(("utf-8-sig", True, "replace"))
    found += [(name, True, "strict") for one in told for name in (_AS_BROWSERS.get(one), one) if name]
    return [*found, *((encoding, False, "strict") for encoding in _guesses(data))]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(data: bytes, sound_for_each: int) -> bool:
    """Whether nearly all signs beyond ASCII are sound: in other encodings hardly any bytes look like one."""
    text = data.decode(errors="replace").removeprefix("\ufeff")
    beyond = len(_BEYOND.findall(text))
    wrong = text.count("\ufffd")
    return beyond - wrong >= sound_for_each * wrong


def _guesses(data: bytes) -> list[str]:
    """Encodings in which the bytes look like language, the likeliest first; at last the western one."""
    first = _HIGH.search(data)
    begins = max(0, first.start() - 200) if first else 0
    sample = data[begins : begins + _SAMPLE]
    if begins + _SAMPLE < len(data):
        sample = sample[: sample.rfind(b"\n") + 1 or sample.rfind(b" ") + 1 or len(sample)]
    if len(_HIGH.findall(sample)) < _FEWEST_LETTERS or _BINARY.search(sample.decode("latin-1")):
        return [_WESTERN]
    from charset_normalizer import from_bytes

    matches = list(from_bytes(sample, cp_isolation=list(_GUESSED), preemptive_behaviour=False))
    western = next((match for match in matches if match.encoding == _WESTERN), None)
    if western is not None and western.chaos <= matches[0].chaos + _WESTERN_LEAD:
        return [_WESTERN]
    return [*(match.encoding for match in matches), _WESTERN]
