"""Kinds of files that are no articles, and what a person can do so that what is in them is read."""

from collections.abc import Sequence

_SAVED_AS = {
    ".docx": ".doc .docm .dot .rtf .odt .pages .wpd .wps",
    ".pdf": ".ppt .pptx .pptm .pps .ppsx .odp .key .xps .ps .djvu .tex .vsd .vsdx .odg .pub",
    ".html": ".xls .xlsx .xlsm .xlsb .ods .numbers .csv .tsv .webarchive .maff .warc",
    ".epub": ".mobi .azw .azw3 .fb2",
    ".md": ".rst .adoc .asciidoc .org .textile .ipynb",
    ".eml": ".msg",
}
_ARCHIVES = ".zip .7z .rar .tar .tgz .gz"
NOT_READ = {
    **{kind: f"save it as {better}" for better, kinds in _SAVED_AS.items() for kind in kinds.split()},
    **dict.fromkeys(_ARCHIVES.split(), "unpack it"),
}
"""The endings of files that somebody may well expect to be read, each with what to do."""

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".svg"})
"""The endings of pictures. Beside articles they belong to these; alone they may be scans of documents."""


def why_not_read(suffix: str) -> str:
    """Why a file with one of the endings of NOT_READ is no article, and what to do."""
    return f"files of the kind {suffix} are not read; {NOT_READ[suffix]}"


def why_no_pictures(paths: Sequence[str]) -> str:
    """The same of all pictures of a folder that holds no article."""
    many = f" (so many here: {len(paths)})" if len(paths) > 1 else ""
    return f"pictures are not read{many}; save what they show as text, or as a PDF that has its text"
