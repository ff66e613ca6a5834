"""The log-in page: a name, a password, and what went wrong."""

from ui.chat.conversation_list import LOGO
from ui.markup import text
from ui.serving.page_files import head


def login_html(*, wanted: str, name: str = "", problem: str | None = None) -> str:
    """The whole page. `wanted` is the address that is led to afterwards, `problem` a line of text."""
    told = f'<p class="error" id="problem" role="alert">{text(problem)}</p>' if problem else ""
    wrong = ' aria-invalid="true" aria-describedby="problem"' if problem else ""
    focus_name, focus_password = ("", " autofocus") if name else (" autofocus", "")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # The page's own form may say from where it is sent; nothing else learns of it.
        '<meta name="referrer" content="same-origin">'
        f"{head('Log in, Footnote', ('footnote.css', 'login.css'))}</head>"
        '<body><main id="app" class="login"><h1 class="brand">'
        f'{LOGO}<span>Footnote</span></h1><form method="post" action="/login">{told}'
        f'<input type="hidden" name="next" value="{text(wanted)}">'
        '<label for="name">Name</label>'
        f'<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false"'
        f' maxlength="64" required value="{text(name)}"{wrong}{focus_name}>'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password"'
        f' maxlength="256" required{wrong}{focus_password}>'
        '<button type="submit">Log in</button></form>'
        '<p class="quiet">An admin adds users and sets passwords.</p></main></body></html>'
    )
