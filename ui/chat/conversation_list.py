"""The sidebar: the product's name, a new chat, and the kept conversations, newest first."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from ui import icons
from ui.accounts.person import LOCAL_PERSON, Person
from ui.chat.conversations import Conversation
from ui.markup import text

LOGO = (
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
) -> str:
    """The whole sidebar; `current` is the id of the conversation that the page shows, or empty.

    `who` is the person who is logged in.
    """
    groups: dict[str, list[str]] = {}
    for one in conversations:
        age = _age(one.updated, today or datetime.now().astimezone().date())
        groups.setdefault(age, []).append(_entry(one, one.id == current))
    listing = "".join(
        f'<h2 class="eyebrow">{age}</h2><ul class="conversations">{"".join(entries)}</ul>'
        for age, entries in groups.items()
    )
    none = '<p class="quiet">Your conversations will be kept here, on this machine.</p>'
    return (
        '<div class="sidebar-head"><a class="brand" href="./" data-action="open" data-conversation="">'
        f'{LOGO}<span>Footnote</span></a><button type="button" class="tool icon-only drawer-close"'
        f' data-action="close-drawer" aria-label="Close the list" title="Close">{icons.CLOSE}</button></div>'
        f'<a class="new-chat" href="./" data-action="open" data-conversation="">{icons.PLUS}'
        f'<span>New chat</span></a><a class="to-library" href="library">{icons.BOOKS}<span>Library</span></a>'
        f'<nav aria-label="Conversations">{listing or none}</nav>{account_html(who)}'
    )


def account_html(who: Person) -> str:
    """Who is logged in, and the way out; nothing where there are no accounts."""
    if who.name is None:
        return ""
    name = text(who.name)
    way_out = '<button type="button" class="tool" data-action="log-out">Log out</button>'
    return (
        f'<div class="account"><span class="who" title="{name}">'
        f'<span class="visually-hidden">Logged in as </span>{name}</span>'
        f"{'' if who.is_named_by_proxy else way_out}</div>"
    )


def topbar_html(title: str | None) -> str:
    """The line above the conversation: its title, and on narrow screens the way to the list."""
    return (
        '<header class="topbar"><button type="button" class="tool icon-only drawer-open"'
        f' data-action="open-drawer" aria-label="Conversations" title="Conversations">{icons.MENU}</button>'
        f"<h1>{text(title or 'New chat')}</h1>"
        '<a class="tool icon-only new-chat-small" href="./" data-action="open" data-conversation=""'
        f' aria-label="New chat" title="New chat">{icons.PLUS}</a></header>'
    )


def _entry(conversation: Conversation, current: bool) -> str:
    ident, title = text(conversation.id), text(conversation.title)
    here = ' aria-current="page"' if current else ""
    return (
        f'<li class="conversation" data-conversation="{ident}"><div class="row">'
        f'<a href="?c={ident}" data-action="open" data-conversation="{ident}"{here} title="{title}">'
        f"{title}</a>"
        f'<button type="button" class="tool icon-only" data-action="rename" aria-label="Rename {title}"'
        f' title="Rename">{icons.PENCIL}</button>'
        f'<button type="button" class="tool icon-only" data-action="delete" aria-label="Delete {title}"'
        f' title="Delete">{icons.BIN}</button></div>'
        f'<form class="rename" data-form="rename" hidden><label class="visually-hidden" for="title-{ident}">'
        f'New title</label><input id="title-{ident}" name="title" maxlength="120" autocomplete="off"'
        f' value="{title}"><button type="submit" class="tool">Save</button></form>'
        '<div class="confirm" role="group" aria-label="Confirm" hidden>'
        f"<p>Delete “{title}” with its answers?</p>"
        '<button type="button" class="tool danger" data-action="confirm-delete">Delete</button>'
        '<button type="button" class="tool" data-action="keep">Keep</button></div></li>'
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
