"""The pages' own files: stylesheets, scripts and the icon; a changed file gets a changed address."""

from hashlib import sha256
from pathlib import Path

from ui.markup import Html, html, joined

STATIC = Path(__file__).parents[1] / "static"
STATIC_PATH = "/page"


def address(name: str) -> str:
    """Where the browser finds one of the files."""
    version = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={version}"


def head(title: str, styles: tuple[str, ...], *scripts: str) -> Html:
    """Title, icon, stylesheets and scripts, which run in their order, for a page's head."""
    return html(
        "<title>{title}</title>"
        '<meta name="description" content="Answers from your own articles, each sentence footnoted.">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" type="image/svg+xml" href="{icon}">{styles}{scripts}',
        title=title,
        icon=address("icon.svg"),
        styles=joined(html('<link rel="stylesheet" href="{}">', address(style)) for style in styles),
        scripts=joined(html('<script src="{}" defer></script>', address(script)) for script in scripts),
    )
