"""Markup is made in one place: these tests read the code, so that the next page keeps to it too."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ui

FOLDER = Path(ui.__file__).parent
MAKERS = {"markup.py", "markup_net.py"}
# Those that could hold any; the rest is not worth parsing.
HINTS = re.compile(r"<[a-zA-Z/!]|\b[hH]tml\(")
MODULES = {
    path.relative_to(FOLDER).as_posix(): code
    for path in sorted(FOLDER.rglob("*.py"))
    if HINTS.search(code := path.read_text(encoding="utf-8"))
}
# What Gradio is given as its template: the value is put in as it is, after the net.
TEMPLATES = {("chat/chat_page.py", "_LIVE_REGION")}

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>?")
_QUOTED = re.compile(r'"[^"]*"')
_RUNNING = re.compile(r"<(script|style|iframe|object|embed|base)\b|\s(on\w+|style|srcdoc)=")
_FIELD = re.compile(r"\{(\w*)\}")


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def pattern(call: ast.Call) -> str | None:
    """The pattern of a call of `html`, where it stands in the code as it is."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def docstrings(tree: ast.AST) -> set[int]:
    """The nodes that are prose: texts that stand by themselves."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def strays(tree: ast.AST, module: str = "") -> list[str]:
    """Strings with tags in them that are no pattern of `html`."""
    known = docstrings(tree) | {id(call.args[0]) for call in calls(tree, "html") if call.args}
    known |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(name, ast.Name) and (module, name.id) in TEMPLATES for name in node.targets)
    }
    return [
        f"{module}:{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in known
        and _TAG.search(node.value)
    ]


def loose_values(call: ast.Call) -> list[str]:
    """Fields within a tag of a pattern that are neither quoted nor an `attribute`."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    loose = []
    for tag in _TAG.findall(pattern(call) or ""):
        for name in _FIELD.findall(_QUOTED.sub("", tag)):
            value = given.get(name)
            if not (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Name)
                and value.func.id == "attribute"
            ):
                loose.append(f"{name or '{}'} in {tag}")
    return loose


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(MODULES[module], module)


def test_only_the_place_itself_makes_markup_of_text() -> None:
    assert {module for module in MODULES if any(calls(parsed(module), "Html"))} == MAKERS


def test_every_pattern_stands_in_the_code_as_it_is() -> None:
    """A pattern that is put together of values would be as good as no escaping."""
    wrong = [
        f"{module}:{call.lineno}"
        for module in MODULES
        for call in calls(parsed(module), "html")
        if pattern(call) is None
    ]
    assert wrong == []


def test_no_other_string_holds_a_tag() -> None:
    found = [stray for module in MODULES for stray in strays(parsed(module), module)]
    assert found == []


def test_within_a_tag_every_value_is_quoted_or_an_attribute() -> None:
    loose = [
        f"{module}:{call.lineno}: {value}"
        for module in MODULES
        for call in calls(parsed(module), "html")
        for value in loose_values(call)
    ]
    assert loose == []


def test_no_pattern_runs_styles_or_frames_anything() -> None:
    """But for the head of a page, which names the page's own script."""
    wrong = [
        f"{module}:{call.lineno}"
        for module in MODULES
        for call in calls(parsed(module), "html")
        if re.search(
            r"<(script|style|iframe|object|embed|base)\b|\s(on\w+|style|srcdoc)=", pattern(call) or ""
        )
    ]
    assert len(wrong) == 1
    assert wrong[0].startswith("serving/page_files.py:")


@pytest.mark.parametrize(
    "code",
    [
        'f"<p>{title}</p>"',
        '"<p>" + title + "</p>"',
        '"<p>{}</p>".format(title)',
        '"".join(["<b>", title])',
        'html("<p>{}</p>" + title)',
        'html(f"<p>{title}</p>")',
    ],
)
def test_markup_that_is_made_elsewhere_would_be_found(code: str) -> None:
    tree = ast.parse(f"made = {code}")
    assert strays(tree) or any(pattern(call) is None for call in calls(tree, "html"))


@pytest.mark.parametrize(
    "code",
    [
        "html('<p class={name}>x</p>', name=name)",
        "html('<p {}>x</p>', name)",
        "html('<a href={link} title=\"{title}\">x</a>', link=exact(link), title=title)",
    ],
)
def test_a_value_that_could_add_an_attribute_would_be_found(code: str) -> None:
    assert [loose_values(call) for call in calls(ast.parse(code), "html")] != [[]]


INNER = re.compile(r"\.innerHTML\s*=\s*([^;]+);")
FROM_THE_SERVER = {"html", "parts.rows", "parts[name]", "progress.line", "told.preview", '""'}


@pytest.mark.parametrize("script", ["footnote.js", "page.js", "library.js", "models.js", "users.js"])
def test_the_scripts_take_markup_from_the_server_alone(script: str) -> None:
    code = (FOLDER / "static" / script).read_text(encoding="utf-8")
    assert set(INNER.findall(code)) <= FROM_THE_SERVER
    forbidden = r"outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment"
    assert not re.search(forbidden, code)
