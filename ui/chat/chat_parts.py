"""What the chat page is wired from."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.answer import Citation
from assistant.events import Answers
from ui.accounts.person import LOCAL_PERSON, Person
from ui.chat.conversations import Conversations
from ui.chat.status_line import LibraryStatus
from ui.page_links import PageOf, no_page
from ui.quote_check import Whereabouts
from ui.waiting_line import WaitingLine


@dataclass(frozen=True, slots=True)
class ChatParts:
    """What the chat page is wired from.

    `status` is asked on every load, after every answer, and every now and then while the page is looked at;
    `quoted`, when a footnote is opened, whether the library still holds its words, and where; `page_of`, for
    the articles that stand nearest to what is not answered. In `line` questions wait.
    """

    answers: Answers
    conversations: Conversations
    status: Callable[[], LibraryStatus]
    examples: tuple[str, ...]
    log_file: Path
    quoted: Callable[[Citation], Whereabouts] = lambda _: Whereabouts()
    page_of: PageOf = no_page
    line: WaitingLine = field(default_factory=WaitingLine)
    person: Person = LOCAL_PERSON
    answers_for: Callable[[str], Answers] | None = None
    """The answers that are recorded as asked by the account of this name, where they are recorded."""

    def of(self, person: Person) -> "ChatParts":
        """The same for another person, with conversations of their own."""
        if person == self.person:
            return self
        asked = self.answers_for(person.name) if self.answers_for and person.name else self.answers
        conversations = self.conversations.of(person.id)
        return replace(self, answers=asked, conversations=conversations, person=person)
