"""footnote log: the record of what was asked and changed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from index_store.errors import UsageError
from ingest.web.web_address import is_web_address
from ui.commands.session import AsJson, open_session
from ui.desk import full_name
from ui.local_time import local_now
from ui.record.record import KINDS, record_files
from ui.record.record_reading import Entry, ReadRecord, moment, read_record
from ui.terminal import words

_NEWEST = 20
_LONGEST_ANSWER = 300
_ROWS = 200


def log(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="Only from then on: 2026-11-26, 30m, 8h or 7d ago."),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help=f"Only these; may be repeated: {', '.join(KINDS)}."),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option("-n", min=0, help="The newest so many; 0: all. 20 unless --since is given, then all."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was asked and what changed, newest last."""
    session = open_session(as_json=as_json)
    unknown = [kind for kind in kinds or () if kind not in KINDS]
    if unknown:
        raise UsageError(f"--kind {unknown[0]!r}: no such kind; give one of {', '.join(KINDS)}")
    now = local_now()
    begin = moment(since, now) if since is not None else None
    if most is None and begin is None:
        most = _NEWEST
    files = record_files(session.home, session.settings)
    read = read_record(files, most=most or None, since=begin, kinds=kinds or ())
    if as_json:
        session.terminal.document({"entries": list(read.entries), "damaged": read.damaged})
    elif read.entries:
        session.terminal.show(*_tables(read, now))
    else:
        session.terminal.show(
            "Nothing is recorded." if read.is_whole and not kinds and begin is None else "Nothing found."
        )
    if not read.is_whole:
        session.terminal.tell("earlier entries are left out; -n 0 shows all")
    if read.damaged:
        lines = "1 line is" if read.damaged == 1 else f"{read.damaged} lines are"
        session.terminal.tell(f"warning: {lines} damaged and left out, in {files.folder}")
    if not session.settings.record:
        session.terminal.tell("nothing is being recorded: record = false")


def _tables(read: ReadRecord, now: datetime) -> Iterator[Table]:
    """The entries as tables of one form: a single one would be long in the making."""
    for begin in range(0, len(read.entries), _ROWS):
        yield _table(read.entries[begin : begin + _ROWS], now)


def _table(entries: Sequence[Entry], now: datetime) -> Table:
    """Each entry: when, what, and beside it who did it, what came of it, and its words."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True, style="bold", min_width=max(map(len, KINDS)))
    table.add_column(overflow="fold")
    for entry in entries:
        at = datetime.fromisoformat(entry["at"]).astimezone(now.tzinfo)
        who = entry.get("account") or entry.get("who")
        facts = (_text(who), _text(entry.get("via")), *_FACTS.get(entry["kind"], _other)(entry))
        lines = (words(", ".join(filter(None, facts))), *map(words, _said(entry)))
        table.add_row(f"{at:%Y-%m-%d %H:%M:%S}", words(entry["kind"]), Text("\n").join(lines))
    return table


def _question(entry: Entry) -> Iterator[str]:
    status = _text(entry.get("status")).replace("_", " ")
    took = entry.get("took_ms")
    yield f"{status} in {took / 1000:.1f} s" if isinstance(took, int | float) else status
    if entry.get("stopped"):
        yield "stopped"
    yield _count(entry.get("shown"), "passage") + " shown"
    if entry["kind"] == "question":
        yield _count(entry.get("citations"), "footnote")
        yield _text(entry.get("model", {}).get("id")) if isinstance(entry.get("model"), dict) else ""


def _sync(entry: Entry) -> Iterator[str]:
    yield "done" if entry.get("completed") else "broken off"
    yield from (f"{entry.get(name, 0)} {name}" for name in ("added", "changed", "deleted", "skipped"))


def _change(entry: Entry) -> Iterator[str]:
    yield _text(entry.get("action")).replace("_", " ")
    if entry["kind"] == "article":
        path = _text(entry.get("article"))
        yield path if is_web_address(path) else full_name(_text(entry.get("source")), path)
    yield _text(entry.get("name"))


def _chosen(entry: Entry) -> Iterator[str]:
    yield _text(entry.get("action")).replace("_", " ")
    if "after" in entry:
        yield f"{entry.get('after')}, before {entry.get('before')}"
    yield _text(entry.get("name"))


def _user(entry: Entry) -> Iterator[str]:
    yield _text(entry.get("action"))
    yield f"{_text(entry.get('name'))} ({_text(entry.get('role'))})"


def _gap(entry: Entry) -> Iterator[str]:
    yield f"{entry.get('lost')} entries could not be written before this"


def _other(entry: Entry) -> Iterator[str]:
    yield _text(entry.get("action"))


_FACTS: dict[str, Callable[[Entry], Iterator[str]]] = {
    "question": _question,
    "search": _question,
    "sync": _sync,
    "article": _change,
    "source": _change,
    "upload": _change,
    "model": _chosen,
    "embedder": _chosen,
    "user": _user,
    "gap": _gap,
}


def _said(entry: Entry) -> Iterator[str]:
    """The words of an entry, those that there are."""
    for name in ("question", "answer"):
        text = _text(entry.get(name))
        if text:
            yield text if len(text) <= _LONGEST_ANSWER else f"{text[:_LONGEST_ANSWER].rstrip()} …"
    yield from (_text(one) for one in (entry.get("error"), entry.get("why")) if one)
    yield from (_text(one) for one in entry.get("errors") or ())


def _text(value: Any) -> str:
    """A value in words; of words that were not kept, their length and the beginning of their hash."""
    if isinstance(value, dict) and "sha256" in value:
        return f"({value.get('length')} characters, SHA-256 {str(value['sha256'])[:12]}…)"
    return "" if value is None else " ".join(str(value).split())


def _count(values: Any, name: str) -> str:
    number = len(values) if isinstance(values, list) else 0
    return f"{number} {name}{'' if number == 1 else 's'}"
