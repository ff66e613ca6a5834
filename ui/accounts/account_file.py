"""The accounts: names, roles and hashes of passwords, in one file that only this user can read."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from index_store.errors import RunError, UsageError
from ui.accounts.person import Person, Role
from ui.accounts.private_file import alone_with, write_private

LONGEST_NAME = 64
"""Characters."""

_ONLY_ADMIN = "user {!r} is the only admin; make another one first: footnote users role NAME admin"
_NAME = re.compile(r"[^\W_][\w.+@\\-]*")


class AccountsUnusable(RunError):
    """The accounts cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `password` is its hash; without one a proxy has to say who it is.

    `stamp` changes with password and role: whoever is logged in under another one is so no more.
    """

    id: str
    name: str
    role: Role
    stamp: str
    made: str
    password: str | None = field(default=None, repr=False)

    @property
    def person(self) -> Person:
        """Who is logged in to it."""
        return Person(self.id, self.name, self.role)


@dataclass(frozen=True, slots=True)
class _Stored:
    accounts: tuple[Account, ...] = ()


_STORED = TypeAdapter(_Stored)


def proper_name(given: str) -> str:
    """The name of an account in one spelling. Raises UsageError."""
    name = unicodedata.normalize("NFC", given).strip()
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise UsageError(
            f"name {given[: 2 * LONGEST_NAME]!r} is not usable; give up to {LONGEST_NAME} letters, digits and"
            " . _ - + @, beginning with a letter or digit"
        )
    return name


def same_name(name: str) -> str:
    """What two spellings of one name have in common: capitals make no other name.

    Not folded any further: "Strasse" and "Straße" are two people.
    """
    return unicodedata.normalize("NFC", name).strip().lower()


class AccountFile:
    """Reads and changes the accounts. Safe to use from several threads and processes.

    Every method raises AccountsUnusable when the file is damaged, or gone although it was there.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: tuple[Account, ...] = ()
        self._seen: tuple[int, int, int] | None = None

    def listed(self) -> tuple[Account, ...]:
        """All accounts, in the order they were made. The file is read anew when it has changed."""
        with self._lock:
            try:
                about = self._file.stat()
                seen = (about.st_ino, about.st_mtime_ns, about.st_size)
                if seen != self._seen:
                    self._known = _STORED.validate_json(self._file.read_bytes()).accounts
                    self._seen = seen
            except (FileNotFoundError, NotADirectoryError):
                if self._seen is not None:
                    # Without it everybody on this machine would be let in.
                    raise AccountsUnusable(
                        f"accounts {str(self._file)!r} have gone; put the file back, or start Footnote again"
                    ) from None
            except OSError as error:
                raise self._unusable(error.strerror or str(error)) from error
            except ValidationError as error:
                raise self._unusable("it is damaged") from error
            return self._known

    def named(self, name: str) -> Account | None:
        """The account of this name."""
        wanted = same_name(name)
        return next((one for one in self.listed() if same_name(one.name) == wanted), None)

    def of(self, id: str) -> Account | None:
        """The account with this id."""
        return next((one for one in self.listed() if one.id == id), None)

    def add(self, name: str, role: Role, password: str | None) -> Account:
        """Make an account. Raises UsageError when the name is taken, or the first one is no admin."""
        name = proper_name(name)
        with self._changing() as accounts:
            if any(same_name(one.name) == same_name(name) for one in accounts):
                raise UsageError(f"user {name!r} is there already; see: footnote users list")
            if not accounts and role is not Role.ADMIN:
                raise UsageError(
                    f"user {name!r}: the first one has to be an admin, not {role.value}; add --role admin"
                )
            now = datetime.now(UTC).isoformat(timespec="seconds")
            made = Account(uuid4().hex, name, role, uuid4().hex, now, password)
            accounts.append(made)
        return made

    def remove(self, name: str, *, may_be_last: bool = True) -> Account:
        """Take an account away. Raises UsageError for the last admin beside others, and an unknown name.

        With the last of all accounts, unless that may not be, goes the need to log in.
        """
        with self._changing() as accounts:
            gone = _found(accounts, name)
            accounts.remove(gone)
            if not accounts and not may_be_last:
                raise UsageError(_ONLY_ADMIN.format(gone.name))
            _check_admin(accounts, gone)
        return gone

    def set_password(self, name: str, password: str | None) -> Account:
        """Give an account another password, which ends where it is logged in. Raises UsageError."""
        return self._replaced(name, password=password)

    def set_role(self, name: str, role: Role) -> Account:
        """Give an account another role. Raises UsageError for the last admin, and an unknown name."""
        return self._replaced(name, role=role)

    def _replaced(self, name: str, **changes: object) -> Account:
        with self._changing() as accounts:
            before = _found(accounts, name)
            after = replace(before, stamp=uuid4().hex, **changes)  # type: ignore[arg-type]
            accounts[accounts.index(before)] = after
            _check_admin(accounts, before)
        return after

    @contextmanager
    def _changing(self) -> Iterator[list[Account]]:
        """The accounts as a list; what it holds at the end is written."""
        try:
            with alone_with(self._file):
                accounts = list(self.listed())
                yield accounts
                write_private(self._file, _STORED.dump_json(_Stored(tuple(accounts)), indent=1) + b"\n")
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    def _unusable(self, why: str) -> AccountsUnusable:
        return AccountsUnusable(
            f"accounts {str(self._file)!r} cannot be used ({why}); check the file, or put a copy of it back"
        )


def _found(accounts: list[Account], name: str) -> Account:
    for account in accounts:
        if same_name(account.name) == same_name(name):
            return account
    raise UsageError(f"user {name[:LONGEST_NAME]!r} is not there; see: footnote users list")


def _check_admin(accounts: list[Account], changed: Account) -> None:
    if accounts and not any(one.role is Role.ADMIN for one in accounts):
        raise UsageError(_ONLY_ADMIN.format(changed.name))
