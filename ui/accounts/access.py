"""Who is let in: by a session, by a proxy's word, or as the user of this machine."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from index_store.errors import UsageError
from ui.accounts.account_file import Account, AccountFile, proper_name
from ui.accounts.last_log_ins import LastLogIns
from ui.accounts.opening import is_local
from ui.accounts.person import LOCAL_PERSON, Person, Role, named_by_proxy
from ui.accounts.proxies import Proxies, Sender
from ui.accounts.sessions import Sessions
from ui.home import Home
from ui.settings.settings import Settings

COOKIE, SECURE_COOKIE = "footnote_session", "__Host-footnote_session"
"""The cookie's name without and with TLS; browsers take the second from this host over TLS alone."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts, who is logged in to them, and when each last was."""

    file: AccountFile
    sessions: Sessions
    log_ins: LastLogIns


class Access:
    """Says who sent a request. Raises AccountsUnusable where that cannot be known."""

    def __init__(
        self, accounts: Accounts | None = None, *, proxies: Proxies | None = None, is_local: bool = True
    ) -> None:
        """Without `accounts` everybody is the user of this machine.

        `is_local` says that nobody else reaches the page.
        """
        self.accounts = accounts
        self.proxies = proxies or Proxies()
        self._is_in_force = accounts is not None and (not is_local or self.proxies.names_users)

    @classmethod
    def of(cls, home: Home, settings: Settings) -> "Access":
        """As the settings say, with the accounts of the data directory."""
        sessions = Sessions(
            home.sessions,
            idle=timedelta(minutes=settings.session_idle_minutes),
            longest=timedelta(hours=settings.session_hours),
        )
        proxies = Proxies(settings.proxy_addresses, header=settings.proxy_header)
        accounts = Accounts(AccountFile(home.accounts), sessions, LastLogIns(home.log_ins))
        return cls(accounts, proxies=proxies, is_local=is_local(settings.host))

    @property
    def in_force(self) -> bool:
        """Whether it has to be known who asks.

        So it is from the first account on, on every host, until Footnote is started without any; and always
        where others can reach the page.
        """
        if self.accounts is not None and not self._is_in_force:
            self._is_in_force = bool(self.accounts.file.listed())
        return self._is_in_force

    @property
    def asks_for_passwords(self) -> bool:
        """Whether there is an account that one can log in to with a password."""
        return self.accounts is not None and any(one.password for one in self.accounts.file.listed())

    def person(self, scope: Any, sender: Sender) -> Person | None:
        """Who sent a request; None when it is not known and has to be."""
        if self.accounts is None:
            return LOCAL_PERSON
        if not self.in_force:
            # Whoever comes by way of a proxy need not be the user of this machine.
            return None if sender.through_proxy else LOCAL_PERSON
        if sender.user is not None:
            return self._named_by_proxy(sender.user)
        account = self.logged_in(scope)
        return account.person if account else None

    def logged_in(self, scope: Any) -> Account | None:
        """The account that the request's cookie belongs to."""
        token = self.cookie(scope)
        if self.accounts is None or token is None:
            return None
        session = self.accounts.sessions.find(token)
        account = self.accounts.file.of(session.account) if session else None
        if session is None or account is None or account.stamp != session.stamp:
            return None
        return account

    def cookie(self, scope: Any) -> str | None:
        """What the session's cookie holds; under TLS the one that only this host can have set, under TLS."""
        sent: dict[str, str] = {}
        for line in Headers(scope=scope).getlist("cookie"):
            sent.update(cookie_parser(line))
        return sent.get(SECURE_COOKIE if self.proxies.sender(scope).is_secure else COOKIE) or None

    def used(self, scope: Any) -> None:
        """The person has just done something: their session does not end for idleness."""
        token = self.cookie(scope)
        if self.accounts is not None and token is not None:
            self.accounts.sessions.used(token)

    def _named_by_proxy(self, user: str) -> Person | None:
        """The account of that name; whoever has none reads, and owns conversations under the name."""
        if self.accounts is None:
            return None
        try:
            name = proper_name(user)
        except UsageError:
            return None
        account = self.accounts.file.named(name)
        person = account.person if account else Person(named_by_proxy(name), name, Role.READER)
        return replace(person, is_named_by_proxy=True)
