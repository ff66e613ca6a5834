from datetime import date

import pytest
from chat_samples import HOSTILE, tags, visible_text

from ui.chat.conversation_list import sidebar_html, topbar_html
from ui.chat.conversations import Conversation

TODAY = date(2025, 6, 20)


def conversation(
    title: str = "Rain", ident: str = "c1", updated: str = "2025-06-20T12:00:00+00:00"
) -> Conversation:
    return Conversation(ident, title, updated, updated)


def test_each_conversation_is_a_link_of_its_own_and_the_shown_one_says_so() -> None:
    html = sidebar_html([conversation(), conversation("Snow", "c2")], "c2", today=TODAY)
    links = {
        a["data-conversation"]: a
        for name, a in tags(html)
        if name == "a" and a.get("href", "").startswith("?")
    }
    assert links["c1"]["href"] == "?c=c1"
    assert "aria-current" not in links["c1"]
    assert links["c2"]["aria-current"] == "page"


def test_conversations_are_grouped_by_age_in_the_given_order() -> None:
    html = sidebar_html(
        [
            conversation("now"),
            conversation("this week", "c2", "2025-06-15T12:00:00+00:00"),
            conversation("long ago", "c3", "2024-06-15T12:00:00+00:00"),
        ],
        "",
        today=TODAY,
    )
    text = visible_text(html)
    order = ["Today", "now", "Last 7 days", "this week", "Earlier", "long ago"]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)


def test_deleting_asks_first_and_renaming_is_in_place() -> None:
    html = sidebar_html([conversation()], "", today=TODAY)
    hidden = {a.get("class") for _, a in tags(html) if "hidden" in a}
    assert hidden == {"rename", "confirm"}
    assert "Delete “Rain” with its answers?" in visible_text(html)
    assert any(name == "button" and a.get("aria-label") == "Delete Rain" for name, a in tags(html))


def test_an_empty_list_says_where_conversations_will_be() -> None:
    assert "kept here, on this machine" in sidebar_html([], "")


@pytest.mark.parametrize("text", HOSTILE)
def test_titles_are_text(text: str) -> None:
    for html in (sidebar_html([conversation(text)], "", today=TODAY), topbar_html(text)):
        assert not {"script", "img", "mark"} & {name for name, _ in tags(html)}
        assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)
        assert text in visible_text(html)


def test_the_top_bar_names_the_conversation_or_a_new_chat() -> None:
    assert '<h1 dir="auto">Rain</h1>' in topbar_html("Rain")
    assert '<h1 dir="auto">New chat</h1>' in topbar_html(None)
