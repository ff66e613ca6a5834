"""footnote users: who may log in to the page, and what they may do."""

import sys
from getpass import getpass
from typing import Annotated, Any

import typer
from rich.table import Table

from index_store.errors import UsageError
from ui.accounts.account_file import Account, AccountFile, proper_name
from ui.accounts.passwords import LONGEST, Passwords
from ui.accounts.person import Role
from ui.chat.conversations import Conversations
from ui.commands.session import AsJson, Session, open_session, proper_text
from ui.record.record import Record
from ui.terminal import words
from ui.users.user_changes import UserChanges

app = typer.Typer(help="Who may log in to the page: reader, editor, admin.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to log in with.")]
_ROLES = "reader asks; editor keeps the library too; admin also models, users, record and figures"


@app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Show the users and their roles."""
    session = open_session(as_json=as_json)
    accounts = _accounts(session).listed()
    if as_json:
        session.terminal.document({"users": [_row(one) for one in accounts]})
    elif not accounts:
        session.terminal.show(
            "There are no users: the page serves this machine alone, and asks nobody to log in."
        )
    else:
        session.terminal.show(_table(accounts))


@app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help=f"{_ROLES}.")] = "reader",
    without_password: Annotated[
        bool, typer.Option("--no-password", help="For who is let in by a proxy alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add a user; the password is asked for, or read from standard input.

    The first one has to be an admin, and takes over the conversations that there are. From then on
    everybody logs in.
    """
    session = open_session(as_json=as_json)
    accounts = _accounts(session)
    wanted, given = Role.named(role), proper_name(proper_text("name", name))
    if accounts.named(given) is not None:
        raise UsageError(f"user {given!r} is there already; see: footnote users list")
    if not accounts.listed() and wanted is not Role.ADMIN:
        raise UsageError(
            f"user {given!r}: the first one has to be an admin, not {wanted.value}; add --role admin"
        )
    added = _changes(session).add(given, wanted, None if without_password else _asked_hash(given))
    made = added.account
    document = {**_row(made), "conversations": added.conversations}
    _tell(session, document, f"{made.name} is added as {made.role.value}")
    if added.is_only:
        session.terminal.tell("from now on everybody logs in to the page, on this machine too")


@app.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Remove a user with their conversations, and log them out.

    Those of the last one stay, for the user of this machine.
    """
    session = open_session(as_json=as_json)
    removed = _changes(session).remove(proper_text("name", name))
    gone, count = removed.account, removed.conversations
    fate = "kept" if removed.is_only else "deleted"
    told = f"{gone.name} is removed; {count} conversation{'' if count == 1 else 's'} {fate}"
    _tell(session, {**_row(gone), "conversations": count, "kept": removed.is_only}, told)
    if removed.is_only:
        session.terminal.tell("there are no users left; a page that is being served has to be started again")


@app.command()
def passwd(
    name: Name,
    without_password: Annotated[
        bool, typer.Option("--no-password", help="Take the password away: a proxy alone lets them in.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Give a user another password, and log them out wherever they are logged in."""
    session = open_session(as_json=as_json)
    known = _accounts(session).named(proper_text("name", name))
    if known is None:
        raise UsageError(f"user {name!r} is not there; see: footnote users list")
    hash = None if without_password else _asked_hash(known.name)
    changed = _changes(session).set_password(known.name, hash)
    _tell(session, _row(changed), f"{changed.name} has another password")


@app.command()
def role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help=f"{_ROLES}.")],
    as_json: AsJson = False,
) -> None:
    """Give a user another role, and log them out wherever they are logged in."""
    session = open_session(as_json=as_json)
    changed = _changes(session).set_role(proper_text("name", name), Role.named(role))
    _tell(session, _row(changed), f"{changed.name} is {changed.role.value} now")


def _accounts(session: Session) -> AccountFile:
    return AccountFile(session.home.accounts)


def _asked_hash(name: str) -> str:
    """The hash of a password that a person types twice, or that stands in a line of standard input."""
    if sys.stdin.isatty():
        password = getpass(f"Password for {name}: ")
        if password != getpass("The same again: "):
            raise UsageError("the two passwords differ; nothing was changed, try again")
    else:
        password = sys.stdin.readline(4 * LONGEST).rstrip("\r\n")
    return Passwords().hash(password)


def _changes(session: Session) -> UserChanges:
    record = Record.of(session.home, session.settings)
    conversations = Conversations(session.home.conversations)
    return UserChanges(_accounts(session), conversations, record, via="command")


def _tell(session: Session, document: dict[str, Any], line: str) -> None:
    if session.terminal.as_json:
        session.terminal.document(document)
    else:
        session.terminal.show(line)


def _row(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role.value,
        "added": account.made,
        "password": account.password is not None,
    }


def _table(accounts: tuple[Account, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("name", "role", "added", ""):
        table.add_column(heading, header_style="dim")
    for one in accounts:
        without = "" if one.password else "no password"
        table.add_row(words(one.name, "bold"), one.role.value, one.made[:10], without)
    return table
