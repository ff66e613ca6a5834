"""The pages' own files: stylesheets, scripts and the icon; a changed file gets a changed address."""

from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
STATIC_PATH = "/page"


def address(name: str) -> str:
    """Where the browser finds one of the files."""
    version = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={version}"


def head(title: str, styles: tuple[str, ...], script: str | None = None) -> str:
    """Title, icon, stylesheets and script, if any, for a page's head. `title` is HTML."""
    links = "".join(f'<link rel="stylesheet" href="{address(style)}">' for style in styles)
    run = f'<script src="{address(script)}" defer></script>' if script else ""
    return (
        f"<title>{title}</title>"
        '<meta name="description" content="Answers from your own articles, each sentence footnoted.">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="{address("icon.svg")}">'
        f"{links}{run}"
    )
