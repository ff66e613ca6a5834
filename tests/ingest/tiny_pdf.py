"""Writes small PDFs as tests need them: text at given places, in the fonts that every reader has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "serif": "Times-Roman"}
WIDTH, HEIGHT = 595, 842
MARK = "\ufeff"


@dataclass
class Page:
    """Drawing orders of one page."""

    orders: list[str] = field(default_factory=list)

    def line(
        self, x: float, y: float, text: str, *, size: float = 10, font: str = "plain", turn: bool = False
    ) -> "Page":
        """One line of text with its baseline at (x, y), counted from the lower left."""
        words = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        matrix = f"0 1 -1 0 {x} {y}" if turn else f"1 0 0 1 {x} {y}"
        self.orders.append(f"BT /{font} {size} Tf {matrix} Tm ({words.decode('latin-1')}) Tj ET")
        return self

    def lines(
        self,
        x: float,
        y: float,
        texts: Iterable[str],
        *,
        size: float = 10,
        font: str = "plain",
        pitch: float = 12,
    ) -> "Page":
        """Lines below one another; the first stands at `y`."""
        for number, text in enumerate(texts):
            self.line(x, y - number * pitch, text, size=size, font=font)
        return self


def pdf(
    pages: Sequence[Page], info: dict[str, str] | None = None, *, extra: str = "", trailer: str = ""
) -> bytes:
    """The bytes of a PDF with these pages; `info` is its metadata."""
    fonts = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>"
        for name, base in FONTS.items()
    )
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    facts = " ".join(
        f"/{key} <{(MARK + value).encode('utf-16-be').hex()}>" for key, value in (info or {}).items()
    )
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {WIDTH} {HEIGHT}] >>",
        f"<< /Font << {fonts} >> >>",
        f"<< {facts} >>",
    ]
    for number, page in enumerate(pages):
        content = "\n".join(page.orders)
        objects.append(f"<< /Type /Page /Parent 2 0 R /Resources 3 0 R /Contents {6 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return assembled(objects, trailer="/Info 4 0 R " + trailer)


def assembled(objects: Sequence[str], *, trailer: str = "") -> bytes:
    """Objects numbered from 1 as a file; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)
