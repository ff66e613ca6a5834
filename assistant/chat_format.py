"""Turns a prompt into the text that a model was trained on, with the model file's own chat template."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.errors import ModelUnusable
from assistant.writer import Prompt

_SYSTEM, _EVIDENCE, _TASK = "[[footnote:system]]", "[[footnote:evidence]]", "[[footnote:task]]"
_USER = f"{_EVIDENCE}\n\n{_TASK}"
# Some templates know no system turn: they refuse it or leave it out. Then the orders open the user's turn.
_SHAPES: tuple[list[dict[str, str]], ...] = (
    [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": _USER}],
    [{"role": "user", "content": f"{_SYSTEM}\n\n{_USER}"}],
)
_MARKERS = re.compile(f"({re.escape(_SYSTEM)}|{re.escape(_EVIDENCE)}|{re.escape(_TASK)})")


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A stretch of the rendered prompt. Only `trusted` parts may hold a template's control tokens."""

    text: str
    trusted: bool


class ChatFormat:
    """Renders prompts with a Jinja chat template; without one, as plain text (base models)."""

    def __init__(self, template: str | None, *, bos: str = "", eos: str = "") -> None:
        """Compile the template. Raises ModelUnusable when it cannot be rendered."""
        self._pieces = self._shape(template, bos, eos) if template else _PLAIN

    def render(self, prompt: Prompt) -> list[PromptPart]:
        """The prompt in parts, in order. What an article or a person wrote is never a trusted part."""
        texts = {_SYSTEM: prompt.system, _EVIDENCE: prompt.evidence, _TASK: prompt.task}
        parts = [
            PromptPart(texts.get(piece, piece), trusted=piece not in texts) for piece in self._pieces if piece
        ]
        return [part for part in parts if part.text]

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
            if all(marker in pieces for marker in (_SYSTEM, _EVIDENCE, _TASK)):
                return pieces
        raise ModelUnusable(f"the model's chat template fails ({problem}); use another model")


_PLAIN = [_SYSTEM, "\n\n", _EVIDENCE, "\n\n", _TASK, "\n\nAnswer:"]
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
