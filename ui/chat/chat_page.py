"""The chat page: its layout, and which action each button, mark and key leads to."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr

from ui.accounts.guard import GradioFunctions
from ui.chat.chat_actions import QUESTION_LIMIT
from ui.chat.chat_parts import ChatParts
from ui.chat.chat_turn import ChatTurns
from ui.chat.personal_actions import PersonalActions
from ui.chat.source_panel import panel_frame
from ui.markup import NOTHING, Html, html

_LIVE_REGION = (
    '<div role="log" aria-live="polite" aria-relevant="additions" aria-label="Answer">${value}</div>'
)

_FIRST = html(
    '<button type="button" class="skip" data-action="skip">Skip to the question</button>'
    '<button type="button" class="skip" data-action="skip-to-answer">Skip to the latest answer</button>'
    '<p id="notice" role="status"></p>'
)

# Gradio makes an event of each name that stands quoted in this script.
_HUB_SCRIPT = """
const events = ["open", "example", "retry", "rename", "remove", "refresh", "recheck"];
window.footnote.connect({ trigger, server, events, questionLimit: %s });
"""


def build_page(parts: ChatParts, turns: ChatTurns | None = None) -> gr.Blocks:
    """The page as Gradio blocks, ready to be mounted; without `turns` it makes its own."""
    actions = PersonalActions(
        parts, turns or ChatTurns(parts.answers, parts.conversations, parts.log_file, parts.line)
    )
    page = gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True)
    with page:
        conversation = gr.Textbox(visible="hidden", elem_id="conversation-id", show_label=False)
        following = gr.Textbox(visible="hidden", elem_id="following-id", show_label=False)
        _html("first", value=_FIRST)
        with gr.Row(elem_id="app"):
            sidebar = _html("sidebar")
            with gr.Column(elem_id="conversation"):
                topbar = _html("topbar")
                with gr.Column(elem_id="thread"):
                    earlier = _html("earlier")
                    latest = _html("latest")
                with gr.Row(elem_id="composer"):
                    question = gr.Textbox(
                        label="Your question",
                        placeholder="Ask your articles",
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=8,
                        autofocus=True,
                        elem_id="question",
                    )
                    send = gr.Button("Send", elem_id="send", variant="primary")
                    stop = gr.Button("Stop", elem_id="stop")
                _html("count", value=html('<p id="counter" role="status"></p>'))
                status = _html("status")
            _html("panel", value=panel_frame())
        announcer = _html("announcer", template=_LIVE_REGION)
        hub = gr.HTML(
            elem_id="hub",
            js_on_load=_HUB_SCRIPT % json.dumps(QUESTION_LIMIT),
            server_functions=[
                _served(one) for one in (actions.source, actions.copy_text, actions.judge, actions.discard)
            ],
        )

        view = [conversation, following, topbar, sidebar, earlier, latest, announcer, status]
        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": None,
        }
        following.change(
            actions.follow,
            following,
            [latest, announcer, status],
            trigger_mode="multiple",
            **quiet,
        )
        page.load(actions.load, conversation, view, js="() => [window.footnote.wanted()]", **quiet)
        conversation.change(None, conversation, None, js="(id) => { window.footnote.shown(id); }", **quiet)
        gr.on(
            [question.submit, send.click], actions.ask, [question, conversation], [question, *view], **quiet
        )
        stop.click(actions.stop, conversation, None, **quiet)
        hub.example(actions.example, conversation, view, **quiet)
        hub.retry(actions.retry, conversation, view, **quiet)
        hub.open(actions.open, None, view, **quiet)
        hub.remove(actions.remove, conversation, view, **quiet)
        hub.rename(actions.rename, conversation, [topbar, sidebar], **quiet)
        hub.recheck(actions.recheck, None, status, **quiet)
        hub.refresh(actions.refresh, conversation, [sidebar, status], **quiet)
    return page


def functions_of(page: gr.Blocks) -> GradioFunctions:
    """Every function of the page that a browser can name."""
    # Some events are the browser's own: what has no function here cannot be called.
    events = {index: str(one.api_name) for index, one in page.fns.items() if one.fn is not None}
    scripts = {
        index: frozenset(one.__name__ for one in block.server_fns)
        for index, block in page.blocks.items()
        if isinstance(block, gr.HTML) and block.server_fns
    }
    return GradioFunctions(events, scripts)


def _served(method: Callable[..., object]) -> Callable[..., object]:
    """A method as the plain function that Gradio wants to mark as callable from the browser."""

    @wraps(method)
    def call(*asked: object) -> object:
        return method(*asked)

    return call


def _html(name: str, *, value: Html = NOTHING, template: str = "${value}") -> gr.HTML:
    """A part of the page. `${value}` is put in as a finished string: what it holds is never a template."""
    return gr.HTML(
        value, elem_id=name, html_template=template, js_on_load=None, apply_default_css=False, padding=False
    )
