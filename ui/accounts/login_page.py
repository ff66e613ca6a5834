"""The log-in page: a name, a password, and what went wrong."""

from ui.chat.conversation_list import LOGO
from ui.markup import NOTHING, Html, attribute, exact, html
from ui.serving.page_files import head


def login_html(*, wanted: str, name: str = "", problem: str | None = None) -> Html:
    """The whole page. `wanted` is the address that is led to afterwards, `problem` a line of text."""
    told = (
        html('<p class="error" id="problem" role="alert" dir="auto">{}</p>', problem) if problem else NOTHING
    )
    return html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # The page's own form may say from where it is sent; nothing else learns of it.
        '<meta name="referrer" content="same-origin">'
        "{head}</head>"
        '<body><main id="app" class="login"><h1 class="brand">'
        '{logo}<span>Footnote</span></h1><form method="post" action="/login">{told}'
        '<input type="hidden" name="next" value="{wanted}">'
        '<label for="name">Name</label>'
        '<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false"'
        ' maxlength="64" required value="{name}"{invalid}{told_at}{focus_name}>'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password"'
        ' maxlength="256" required{invalid}{told_at}{focus_password}>'
        '<button type="submit">Log in</button></form>'
        '<p class="quiet">An admin adds users and sets passwords.</p></main></body></html>',
        head=head("Log in, Footnote", ("footnote.css", "login.css")),
        logo=LOGO,
        told=told,
        wanted=exact(wanted),
        name=exact(name),
        invalid=attribute("aria-invalid", "true" if problem else None),
        told_at=attribute("aria-describedby", "problem" if problem else None),
        focus_name=attribute("autofocus", not name),
        focus_password=attribute("autofocus", bool(name)),
    )
