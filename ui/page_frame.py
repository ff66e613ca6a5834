"""The frame of the pages beside the chat: head, sidebar, the bar above, and the question before a change."""

from ui.accounts.person import Person, Role
from ui.chat.conversation_list import LOGO, account_html
from ui.icons import LEAVE
from ui.markup import NOTHING, Html, attribute, html, joined
from ui.page_links import PageName, pages_of
from ui.serving.page_files import head


def framed(title: str, body: Html, who: Person, *, here: PageName, style: str, script: str) -> Html:
    """A whole page beside the sidebar, for a person; `style` and `script` are files of the page's own."""
    return html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '{head}</head><body><a class="skip" href="#shelf">Skip to the content</a>'
        '<p id="notice" role="status"></p>'
        '<div id="app" class="library-app{keeps}">{sidebar}{body}</div>{dialog}</body></html>',
        keeps="" if who.role.covers(Role.EDITOR) else " only-reads",
        head=head(title, tuple(dict.fromkeys(("footnote.css", "library.css", style))), "page.js", script),
        sidebar=_sidebar(who, here),
        body=body,
        dialog=_dialog(),
    )


def topbar(title: str, line: Html, who: Person, *, here: PageName, buttons: Html = NOTHING) -> Html:
    """The bar above a page: on narrow screens with the ways that the sidebar has otherwise."""
    return html(
        '<header class="topbar">{chat}<h1>{title}</h1><p id="line">{line}</p>'
        "{ways}{buttons}{way_out}</header>",
        chat=_ways(who, here, only_chat=True),
        title=title,
        line=line,
        ways=_ways(who, here, only_chat=False),
        buttons=buttons,
        way_out=way_out(who),
    )


def way_out(who: Person) -> Html:
    """The way out where the screen has no room for the sidebar, which has it otherwise."""
    if who.name is None or who.is_named_by_proxy:
        return NOTHING
    return html(
        '<button type="button" class="tool icon-only log-out" data-action="log-out"'
        ' aria-label="Log out {name}" title="Log out {name}">{leave}</button>',
        name=who.name,
        leave=LEAVE,
    )


def _ways(who: Person, here: PageName, *, only_chat: bool) -> Html:
    return joined(
        html(
            '<a class="tool icon-only to-page" href="{address}" aria-label="{label}"'
            ' title="{label}">{icon}</a>',
            address=page.address,
            label=page.label,
            icon=page.icon,
        )
        for page in pages_of(who)
        if page.name != here and (page.name == "chat") is only_chat
    )


def _sidebar(who: Person, here: PageName) -> Html:
    links = joined(
        html(
            '<li><a href="{address}"{current}>{icon}<span>{label}</span></a></li>',
            address=page.address,
            current=attribute("aria-current", "page" if page.name == here else None),
            icon=page.icon,
            label=page.label,
        )
        for page in pages_of(who)
    )
    return html(
        '<div id="sidebar"><div class="sidebar-head"><a class="brand" href="/">'
        '{logo}<span>Footnote</span></a></div><nav aria-label="Pages"><ul class="pages">{links}'
        "</ul></nav>{account}</div>",
        logo=LOGO,
        links=links,
        account=account_html(who),
    )


def _dialog() -> Html:
    return html(
        '<dialog id="confirm" aria-labelledby="confirm-question"><p id="confirm-question"></p>'
        '<p id="confirm-detail" class="quiet"></p><div class="buttons">'
        '<button type="button" class="tool framed danger" data-action="confirmed">Remove</button>'
        '<button type="button" class="tool framed" data-action="close-dialog">Keep</button></div></dialog>'
    )
