"""The frame that a model was trained to read a prompt in, from the model file's own chat template."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.errors import ModelUnusable

_ORDERS, _USER = "[[footnote:orders]]", "[[footnote:user]]"
# Some templates know no system turn: they refuse it or leave it out. Then the orders open the user's turn.
_SHAPES: tuple[list[dict[str, str]], ...] = (
    [{"role": "system", "content": _ORDERS}, {"role": "user", "content": _USER}],
    [{"role": "user", "content": f"{_ORDERS}\n\n{_USER}"}],
)
_MARKERS = re.compile(f"({re.escape(_ORDERS)}|{re.escape(_USER)})")


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A stretch of a prompt. Only `trusted` parts may hold a template's control tokens."""

    text: str
    trusted: bool


class ChatFormat:
    """Frames prompts with a Jinja chat template; without one, as plain text (base models)."""

    def __init__(self, template: str | None, *, bos: str = "", eos: str = "") -> None:
        """Render the template, once. Raises ModelUnusable when that fails."""
        self._pieces = self._shape(template, bos, eos) if template else _PLAIN

    def before(self, orders: str) -> list[PromptPart]:
        """All that stands before the user's words: the same for every question."""
        pieces = self._pieces[: self._pieces.index(_USER)]
        parts = [
            PromptPart(orders, trusted=False) if piece == _ORDERS else PromptPart(piece, trusted=True)
            for piece in pieces
        ]
        return [part for part in parts if part.text]

    @property
    def after(self) -> PromptPart:
        """What ends the user's turn and begins the model's."""
        return PromptPart("".join(self._pieces[self._pieces.index(_USER) + 1 :]), trusted=True)

    def _shape(self, template: str, bos: str, eos: str) -> list[str]:
        """The rendered template, cut where the prompt's own texts go: they never pass through Jinja."""
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = _raise
        environment.globals["strftime_now"] = lambda pattern: datetime.now(UTC).strftime(pattern)
        problem = "it drops the user's text"
        for messages in _SHAPES:
            try:
                text = environment.from_string(template).render(
                    messages=messages,
                    add_generation_prompt=True,
                    enable_thinking=False,
                    bos_token=bos,
                    eos_token=eos,
                    tools=None,
                )
            except _FAILURES as error:
                problem = " ".join(str(error).split())
                continue
            pieces = _MARKERS.split(text)
            if pieces.count(_ORDERS) == pieces.count(_USER) == 1 and pieces.index(_ORDERS) < pieces.index(
                _USER
            ):
                return pieces
        raise ModelUnusable(f"the model's chat template fails ({problem}); use another model")


_PLAIN = [_ORDERS, "\n\n", _USER, "\n\nAnswer:"]
# A template is a program of its own: it can also divide by zero, or add a number to a text.
_FAILURES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def _raise(message: str) -> NoReturn:
    raise TemplateError(message)
