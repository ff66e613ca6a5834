"""The sidebar: the product's name, a new chat, and the kept conversations, newest first."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from ui import icons
from ui.accounts.person import LOCAL_PERSON, Person
from ui.chat.conversations import Conversation
from ui.markup import NOTHING, Html, attribute, html, isolated, joined
from ui.page_links import pages_of

LOGO = html(
    '<svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
    '<path d="M4 7h9M4 12h12M4 17h9" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round"/><circle cx="18.5" cy="6.5" r="3" class="dot"/></svg>'
)


def sidebar_html(
    conversations: Iterable[Conversation],
    current: str,
    *,
    today: date | None = None,
    who: Person = LOCAL_PERSON,
) -> Html:
    """The whole sidebar; `current` is the id of the conversation that the page shows, or empty.

    `who` is the person who is logged in.
    """
    groups: dict[str, list[Html]] = {}
    for one in conversations:
        age = _age(one.updated, today or datetime.now().astimezone().date())
        groups.setdefault(age, []).append(_entry(one, one.id == current))
    listing = joined(
        html('<h2 class="eyebrow">{}</h2><ul class="conversations">{}</ul>', age, joined(entries))
        for age, entries in groups.items()
    )
    none = html('<p class="quiet">Your conversations will be kept here, on this machine.</p>')
    return html(
        '<div class="sidebar-head"><a class="brand" href="./" data-action="open" data-conversation="">'
        '{logo}<span>Footnote</span></a><button type="button" class="tool icon-only drawer-close"'
        ' data-action="close-drawer" aria-label="Close the list" title="Close">{close}</button></div>'
        '<a class="new-chat" href="./" data-action="open" data-conversation="">{plus}'
        "<span>New chat</span></a>{pages}"
        '<nav aria-label="Conversations">{listing}</nav>{account}',
        logo=LOGO,
        close=icons.CLOSE,
        plus=icons.PLUS,
        pages=_pages(who),
        listing=listing or none,
        account=account_html(who),
    )


def _pages(who: Person) -> Html:
    """The ways to the other pages, those that the person may open."""
    return joined(
        html(
            '<a class="to-page" href="{address}">{icon}<span>{label}</span></a>',
            address=page.address.removeprefix("/"),
            icon=page.icon,
            label=page.label,
        )
        for page in pages_of(who)
        if page.name != "chat"
    )


def account_html(who: Person) -> Html:
    """Who is logged in, and the way out; nothing where there are no accounts."""
    if who.name is None:
        return NOTHING
    way_out = html('<button type="button" class="tool" data-action="log-out">Log out</button>')
    return html(
        '<div class="account"><span class="who" title="{name}" dir="auto">'
        '<span class="visually-hidden">Logged in as </span>{name}</span>{way_out}</div>',
        name=who.name,
        way_out=NOTHING if who.is_named_by_proxy else way_out,
    )


def topbar_html(title: str | None) -> Html:
    """The line above the conversation: its title, and on narrow screens the way to the list."""
    return html(
        '<header class="topbar"><button type="button" class="tool icon-only drawer-open"'
        ' data-action="open-drawer" aria-label="Conversations" title="Conversations">{menu}</button>'
        '<h1 dir="auto">{title}</h1>'
        '<a class="tool icon-only new-chat-small" href="./" data-action="open" data-conversation=""'
        ' aria-label="New chat" title="New chat">{plus}</a></header>',
        menu=icons.MENU,
        title=title or "New chat",
        plus=icons.PLUS,
    )


def _entry(conversation: Conversation, current: bool) -> Html:
    return html(
        '<li class="conversation" data-conversation="{id}"><div class="row">'
        '<a href="?c={id}" data-action="open" data-conversation="{id}"{here} dir="auto" title="{title}">'
        "{title}</a>"
        '<button type="button" class="tool icon-only" data-action="rename" aria-label="Rename {title}"'
        ' title="Rename">{pencil}</button>'
        '<button type="button" class="tool icon-only" data-action="delete" aria-label="Delete {title}"'
        ' title="Delete">{bin}</button></div>'
        '<form class="rename" data-form="rename" hidden><label class="visually-hidden" for="title-{id}">'
        'New title</label><input id="title-{id}" name="title" maxlength="120" autocomplete="off"'
        ' dir="auto" value="{title}"><button type="submit" class="tool">Save</button></form>'
        '<div class="confirm" role="group" aria-label="Confirm" hidden>'
        "<p>Delete “{isolated}” with its answers?</p>"
        '<button type="button" class="tool danger" data-action="confirm-delete">Delete</button>'
        '<button type="button" class="tool" data-action="keep">Keep</button></div></li>',
        id=conversation.id,
        here=attribute("aria-current", "page" if current else None),
        title=conversation.title,
        isolated=isolated(conversation.title),
        pencil=icons.PENCIL,
        bin=icons.BIN,
    )


def _age(updated: str, today: date) -> str:
    try:
        then = datetime.fromisoformat(updated).astimezone().date()
    except ValueError:
        return "Earlier"
    if then >= today:
        return "Today"
    if then >= today - timedelta(days=7):
        return "Last 7 days"
    return "Earlier"
