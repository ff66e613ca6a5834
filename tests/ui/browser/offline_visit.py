"""A person's visit where there is no network: run as a program, in a network with the loopback alone.

    python offline_visit.py CHROMIUM FOLDER

Syncs, serves, asks, clicks a mark, opens every page, and runs the other commands; all of Footnote's processes
under strace, which writes FOLDER/*.trace. What the browser asked for, and what was seen, goes to
FOLDER/visit.json.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hostile_surroundings import LEADING_AWAY
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from system_calls import watched
from tiny_pdf import Page as PdfPage
from tiny_pdf import pdf

# The small model refuses now this, now that; one of them it answers.
QUESTIONS = (
    "How much memory does the Heron model need?",
    "Under which licence does the Stork model run?",
    "What was the Heron model trained on?",
    "Where is the nest of the Stork model?",
)
# Few and short: a small model reads them in a moment.
ARTICLES = {
    "heron.md": (
        "---\ntitle: The Heron model\npublisher: Marsh Press\ndate: 2026-03-01\n---\n\n"
        "# The Heron model\n\nThe Heron model needs 12 GB of memory. It was trained on bird calls.\n"
    ),
    "stork.md": (
        "---\ntitle: The Stork model\ndate: 2026-02-01\n---\n\n"
        "# The Stork model\n\nThe Stork model runs under the MIT licence. Its nest is in Strasbourg.\n"
    ),
}
MORE = {"more/crane.md": "# The crane\n\nA tall bird.\n"}
MEASURED = {"id": "q1", "kind": "single", "question": QUESTIONS[0]}
BESIDE: dict[str, tuple[str, ...]] = {
    "ask": ("ask", QUESTIONS[0], "--json"),
    "search": ("search", "Heron memory"),
    "articles": ("articles", "heron.md"),
    "doctor": ("doctor",),
    "network": ("doctor", "--network"),
    "log": ("log",),
    "users": ("users", "list"),
    "models": ("models", "list"),
}
"""Commands beside the serving process, by the names of their traces."""
ALONE: dict[str, tuple[str, ...]] = {
    "verify": ("models", "verify", "{model}"),
    "eval": ("eval", "{folder}/questions.jsonl", "--library", "{folder}/articles"),
}
"""Commands when nothing is served any more."""
PATIENCE = 600_000  # milliseconds: a busy machine, and strace, are slow
QUIET_CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run --disable-quic --disable-default-apps --disable-client-side-phishing-detection"
    " --disable-domain-reliability --metrics-recording-only --disable-features=OptimizationHints,MediaRouter"
).split()
# A page that may not load something says so here, and nowhere else.
HEAR_REFUSALS = (
    "document.addEventListener('securitypolicyviolation', e =>"
    " console.error('refused: ' + e.violatedDirective + ' ' + e.blockedURI))"
)
# Links by which a page has hosts looked up and connected to before anything is fetched.
HINTS = "[...document.querySelectorAll('link[rel~=preconnect],link[rel~=dns-prefetch]')].map(one => one.href)"
FOR_A_PAGE = re.compile(r'"initiator":"http://127\.0\.0\.1[^\n]*?"url":"([^"]+)"')


@dataclass
class Visit:
    """What a visit showed: every address that a page asked for, and what it complained about."""

    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    quote: str = ""


def footnote(trace: Path, *words: str) -> list[str]:
    """A footnote command, watched."""
    return watched([sys.executable, "-m", "ui.cli", *words], trace)


def run(folder: Path, name: str, words: Sequence[str]) -> None:
    """Run a command to its end, watched."""
    filled = [word.format(folder=folder, model=os.environ["FOOTNOTE_MODEL"]) for word in words]
    subprocess.run(footnote(folder / f"{name}.trace", *filled), check=True, timeout=600)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a `footnote serve` of its own, watched from its start to its end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(footnote(folder / "serve.trace", "serve", "--port", str(port)))
    try:
        deadline = time.monotonic() + 300
        while not _is_open(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("footnote serve did not open the page")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end_child_of(process)
        process.wait(60)


def _is_open(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(2)
        if asked.connect_ex(("127.0.0.1", port)) != 0:
            return False
        try:
            asked.sendall(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            return asked.recv(16).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


def _end_child_of(strace: subprocess.Popen[bytes]) -> None:
    """Ask what strace watches to end; it then ends by itself."""
    children = Path(f"/proc/{strace.pid}/task/{strace.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), 15)


def listen(context: BrowserContext, visit: Visit) -> None:
    """Hear of all that the pages of a profile ask for, also of what their own policy refuses."""
    context.add_init_script(HEAR_REFUSALS)
    context.on("request", lambda request: visit.asked.append(request.url))
    context.on("weberror", lambda error: visit.complaints.append(str(error.error)))
    context.on(
        "console",
        lambda said: visit.complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )


def look_around(page: Page, address: str, folder: Path, visit: Visit) -> None:
    """Ask, click a mark, and open every page that there is."""
    page.goto(address)
    expect(page.locator("#status")).to_contain_text("3 articles", timeout=PATIENCE)
    visit.asked.extend(page.evaluate(HINTS))
    visit.opened.append("chat")
    for question in QUESTIONS:
        _send(page, question)
        answer = page.locator("#latest .turn.finished").filter(has_text=question)
        expect(answer).to_be_visible(timeout=PATIENCE)
        if answer.locator(".mark").count():
            break
    visit.opened.append("answer")
    answer.locator(".mark").first.click()
    expect(page.locator("#source-panel mark").first).to_be_visible()
    visit.quote = page.locator("#source-panel mark").first.inner_text()
    visit.opened.append("source")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#conversation")).to_be_visible()
    page.goto(f"{address}/library")
    expect(page.locator("#shown")).to_have_text("3 articles")
    visit.asked.extend(page.evaluate(HINTS))
    visit.opened.append("library")
    page.get_by_label("A folder, a file or an address").fill(str(folder / "more"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Preview")).to_contain_text("The crane", timeout=PATIENCE)
    visit.opened.append("preview")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Sync now").click()
    expect(page.locator("#notice")).to_have_text("Sync ended", timeout=PATIENCE)
    visit.opened.append("sync")
    page.locator("#articles tbody tr td.title a").first.click()
    expect(page.locator(".passage-piece").first).to_be_visible()
    visit.asked.extend(page.evaluate(HINTS))
    visit.opened.append("article")
    for name in ("models", "users"):
        page.goto(f"{address}/{name}")
        expect(page.locator("#shelf h1")).to_have_text(name.capitalize())
        visit.asked.extend(page.evaluate(HINTS))
        visit.opened.append(name)


def _send(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    for _ in range(5):
        # A page that is still being wired up swallows a key.
        page.locator("#question textarea").press("Enter")
        with suppress(AssertionError):
            expect(page.locator("#latest .question")).to_have_text(question, timeout=20_000)
            return
    raise RuntimeError("the page did not take the question")


def fetched(log: Path) -> list[str]:
    """What Chromium's own log of its network says was fetched for a page of this machine, icons included.

    What it fetches for itself, of its maker, has no page as its origin.
    """
    return sorted(set(FOR_A_PAGE.findall(log.read_text(errors="replace"))))


def main(chromium: str, folder: Path) -> None:
    """The whole visit."""
    for name, text in {**{f"articles/{name}": text for name, text in ARTICLES.items()}, **MORE}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    # Read in a process of its own.
    paper = PdfPage().line(72, 700, "The egret stands in shallow water.")
    (folder / "articles" / "egret.pdf").write_bytes(pdf([paper], {"Title": "The egret"}))
    visit = Visit()
    (folder / "questions.jsonl").write_text(json.dumps(MEASURED) + "\n", encoding="utf-8")
    run(folder, "sync", ("sync", str(folder / "articles")))
    net_log = folder / "chromium.log"
    expect.set_options(timeout=60_000)
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[*QUIET_CHROMIUM, f"--log-net-log={net_log}"],
            # The person's browser is not led away as the programs are.
            env={name: value for name, value in os.environ.items() if name not in LEADING_AWAY},
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        listen(context, visit)
        look_around(context.new_page(), address, folder, visit)
        for name, words in BESIDE.items():
            run(folder, name, words)
        browser.close()
    for name, words in ALONE.items():
        run(folder, name, words)
    told = {**asdict(visit), "fetched": fetched(net_log)}
    (folder / "visit.json").write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
