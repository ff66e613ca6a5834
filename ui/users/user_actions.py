"""What the Users page shows and does, without a word of HTTP. What it shows has been through the net."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index_store.errors import FootnoteError, UsageError
from ui.accounts.access import Access, Accounts
from ui.accounts.account_file import Account, same_name
from ui.accounts.passwords import Passwords, made_up
from ui.accounts.person import LOCAL_PERSON, Person, Role
from ui.library.library_page import problem_html
from ui.local_time import local_now
from ui.markup import NOTHING, Html
from ui.markup_net import netted
from ui.users.user_changes import UserChanges
from ui.users.users_page import UserRow, line_html, rows_html

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UserParts:
    """What the Users page is wired from; `who` is the person who looks at it."""

    access: Access
    changes: UserChanges
    passwords: Passwords
    log_file: Path
    who: Person = LOCAL_PERSON


class UserActions:
    """The page's actions. Those that change something raise FootnoteError; those that show never do.

    A password is given back where it was made up, to be shown once, and told to nobody else.
    """

    def __init__(self, parts: UserParts, *, now: Callable[[], datetime] = local_now) -> None:
        """`now` tells the time in the zone in which the page shows times."""
        self._parts = parts
        self._now = now

    @property
    def has_users(self) -> bool:
        """Whether it has to be known who asks; without any user this machine's own may do everything."""
        return self._parts.access.in_force

    @property
    def may_be_without_password(self) -> bool:
        """Whether a proxy lets people in, who need no password then."""
        return self._parts.access.proxies.names_users

    def parts(self) -> dict[str, Html]:
        """All that can change on the page, as HTML by name."""
        try:
            rows, problem = self._rows(), None
        except FootnoteError as error:
            rows, problem = (), str(error)
        except Exception:
            _logger.exception("the users page failed")
            rows, problem = (), f"Something went wrong; details in the log: {self._parts.log_file}"
        return {
            "line": netted(line_html(rows)),
            "problem": netted(problem_html(problem)),
            "users": netted(rows_html(rows, self._now())) if rows else NOTHING,
        }

    def add(self, name: str, role: str, way: str, first: str, second: str) -> str | None:
        """Add a person. `way` is how the password comes about: "make", "type" (twice) or "none"."""
        accounts, wanted = self._accounts(), Role.named(role)
        if accounts.file.named(name) is not None:
            raise UsageError(f"{name!r} is there already")
        hash, password = self._password(way, first, second)
        self._parts.changes.add(name, wanted, hash)
        return password

    def set_password(self, name: str, way: str, first: str, second: str) -> str | None:
        """Give a person another password, and log them out; `way` is as in `add`."""
        account = self._named(name)
        hash, password = self._password(way, first, second)
        self._parts.changes.set_password(account.name, hash)
        return password

    def set_role(self, name: str, role: str) -> None:
        """Give a person another role, and log them out; nothing where they have it."""
        account, wanted = self._named(name), Role.named(role)
        if account.role is not wanted:
            self._parts.changes.set_role(account.name, wanted)

    def remove(self, name: str) -> None:
        """Remove a person with their conversations; they are logged out at once. Not the last admin."""
        self._parts.changes.remove(self._named(name).name, may_be_last=False)

    def _accounts(self) -> Accounts:
        accounts = self._parts.access.accounts
        if accounts is None or not self.has_users:
            raise UsageError(
                "there are no users; make the first one in a terminal: footnote users add NAME --role admin"
            )
        return accounts

    def _named(self, name: str) -> Account:
        account = self._accounts().file.named(name)
        if account is None:
            raise UsageError(f"{name!r} is not there any more; load the page again")
        return account

    def _password(self, way: str, first: str, second: str) -> tuple[str | None, str | None]:
        """The hash to keep, and the password where it was made up."""
        if way == "make":
            password = made_up()
            return self._parts.passwords.hash(password), password
        if way == "type":
            if first != second:
                raise UsageError("the two passwords differ; nothing was changed, type them again")
            return self._parts.passwords.hash(first), None
        if way == "none" and self.may_be_without_password:
            return None, None
        raise UsageError("choose how the password comes about: made up, or typed twice")

    def _rows(self) -> tuple[UserRow, ...]:
        accounts = self._parts.access.accounts
        if accounts is None:
            return ()
        listed = accounts.file.listed()
        sessions = accounts.sessions.alive()
        admins = sum(one.role is Role.ADMIN for one in listed)
        rows = []
        for one in listed:
            last = accounts.log_ins.of(one.id)
            rows.append(
                UserRow(
                    one,
                    last=None if last is None else datetime.fromtimestamp(last, UTC),
                    is_logged_in=any(
                        (session.account, session.stamp) == (one.id, one.stamp) for session in sessions
                    ),
                    is_oneself=same_name(one.name) == same_name(self._parts.who.name or ""),
                    is_only_admin=one.role is Role.ADMIN and admins == 1,
                )
            )
        return tuple(rows)
