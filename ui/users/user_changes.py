"""Adding, changing and removing people, with what each brings with it: conversations, and the record."""

from dataclasses import dataclass

from ui.accounts.account_file import Account, AccountFile
from ui.accounts.person import Role, named_by_proxy
from ui.chat.conversations import Conversations
from ui.record.record import Record


@dataclass(frozen=True, slots=True)
class Change:
    """A person who was added or removed, and how many conversations came to them or went with them.

    `is_only` tells of the first one of all, and of the last one: whether anybody logs in turns on them.
    """

    account: Account
    conversations: int
    is_only: bool


class UserChanges:
    """The one way to change who may log in. Every method raises UsageError and AccountsUnusable."""

    def __init__(
        self, accounts: AccountFile, conversations: Conversations, record: Record, *, via: str
    ) -> None:
        """`conversations` are those of this machine's user; `via` says in the record where it was done."""
        self._accounts = accounts
        self._conversations = conversations
        self._record = record
        self._via = via

    def add(self, name: str, role: Role, password: str | None) -> Change:
        """Add a person, with the hash of their password; the first one has to be an admin.

        The first one takes over the conversations that there are, and whom a proxy let in before theirs.
        """
        is_first = not self._accounts.listed()
        made = self._accounts.add(name, role, password)
        kept = self._conversations.of(named_by_proxy(made.name)).hand_over(made.id)
        kept += self._conversations.hand_over(made.id) if is_first else 0
        self._recorded("added", made)
        return Change(made, kept, is_first)

    def remove(self, name: str, *, may_be_last: bool = True) -> Change:
        """Remove a person with their conversations; they are logged out at once.

        Those of the last one of all stay, for the user of this machine.
        """
        gone = self._accounts.remove(name, may_be_last=may_be_last)
        own = self._conversations.of(gone.id)
        is_last = not self._accounts.listed()
        count = own.hand_over("") if is_last else own.delete_all()
        self._recorded("removed", gone)
        return Change(gone, count, is_last)

    def set_password(self, name: str, password: str | None) -> Account:
        """Give a person the password with this hash, which logs them out wherever they are logged in."""
        changed = self._accounts.set_password(name, password)
        self._recorded("password", changed)
        return changed

    def set_role(self, name: str, role: Role) -> Account:
        """Give a person another role, which logs them out wherever they are logged in."""
        changed = self._accounts.set_role(name, role)
        self._recorded("role", changed)
        return changed

    def _recorded(self, action: str, account: Account) -> None:
        facts = {"action": action, "name": account.name, "role": account.role.value}
        self._record.add("user", **facts, via=self._via)
