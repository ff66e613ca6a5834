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
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        environment.globals["raise_exception"] = _raise
        environment.globals["strftime_now"] = lambda pattern: datetime.now(UTC).strftime(pattern)
        messages = [
            {"role": "system", "content": _SYSTEM},
            {"role": "user", "content": f"{_EVIDENCE}\n\n{_TASK}"},
        ]
        try:
            text = environment.from_string(template).render(
                messages=messages,
                add_generation_prompt=True,
                enable_thinking=False,
                bos_token=bos,
                eos_token=eos,
                tools=None,
            )
        except TemplateError as error:
            raise ModelUnusable(f"the model's chat template fails ({error}); use another model") from error
        pieces = _MARKERS.split(text)
        if not all(marker in pieces for marker in (_EVIDENCE, _TASK)):
            raise ModelUnusable("the model's chat template drops the user's text; use another model")
        return pieces


_PLAIN = [_SYSTEM, "\n\n", _EVIDENCE, "\n\n", _TASK, "\n\nAnswer:"]


def _raise(message: str) -> NoReturn:
    raise TemplateError(message)
