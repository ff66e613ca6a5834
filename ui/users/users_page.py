"""The Users page: its frame, and the list that is drawn anew when something has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ui import icons
from ui.accounts.account_file import LONGEST_NAME, Account
from ui.accounts.passwords import LONGEST, SHORTEST
from ui.accounts.person import LOCAL_PERSON, Person, Role
from ui.local_time import clock_html
from ui.markup import NOTHING, Html, attribute, exact, html, joined, plural
from ui.page_frame import framed, topbar

_MAY: dict[Role, str] = {
    Role.READER: "asks",
    Role.EDITOR: "keeps the library too",
    Role.ADMIN: "keeps models and users too",
}


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person with an account. `last` is when they last logged in, as far as is known.

    The only admin can neither be removed nor made anything else.
    """

    account: Account
    last: datetime | None = None
    is_logged_in: bool = False
    is_oneself: bool = False
    is_only_admin: bool = False


def users_page_html(title: str, body: Html, who: Person = LOCAL_PERSON) -> Html:
    """The whole page beside the sidebar, for a person."""
    return framed(title, body, who, here="users", style="keeping.css", script="users.js")


def users_body(
    parts: Mapping[str, Html],
    who: Person = LOCAL_PERSON,
    *,
    has_users: bool = True,
    without_password: bool = False,
) -> Html:
    """The page's own part; `parts` as `UserActions.parts` gives them.

    Without users it only says how to make the first one. `without_password` offers to set none, for those
    whom a proxy lets in.
    """
    return html(
        '<main id="shelf" tabindex="-1">{topbar}<div class="shelf-scroll"><div class="shelf-body">'
        '<div id="problem">{problem}</div>{add}'
        '<section aria-labelledby="users-title"><h2 id="users-title">{title}</h2>'
        '<div id="users">{users}</div></section></div></div></main>{dialog}',
        topbar=topbar("Users", parts["line"], who, here="users"),
        problem=parts["problem"],
        add=_add(without_password=without_password) if has_users else NOTHING,
        title="Who may log in" if has_users else "Nobody has to log in",
        users=parts["users"] if has_users else first_user_html(),
        dialog=_password_dialog(without_password=without_password) if has_users else NOTHING,
    )


def first_user_html() -> Html:
    """How to make the first user, where there is none."""
    return html(
        '<div class="card absent"><p>This page serves this machine alone, and whoever is logged in to the'
        " machine may do everything. To let others in, make the first user, who has to be an admin, in a"
        " terminal:</p><pre>footnote users add NAME --role admin</pre>"
        "<p>It asks for the password. From then on everybody logs in, on this machine too, and more people"
        " are added on this page. Your conversations become those of this first user.</p></div>"
    )


def line_html(rows: Sequence[UserRow]) -> Html:
    """How many people there are, and how many of them are logged in."""
    inside = sum(row.is_logged_in for row in rows)
    return html("{} | {} logged in", plural(len(rows), "user"), inside) if rows else NOTHING


def rows_html(rows: Sequence[UserRow], now: datetime) -> Html:
    """The people as a table, in the order in which they were added."""
    heads = joined(
        html('<th scope="col" class="{}">{}</th>', name, label)
        for name, label in (
            ("person", "Name"),
            ("role", "Role"),
            ("last", "Last log-in"),
            ("added", "Added"),
        )
    )
    return html(
        '<table class="kept users"><thead><tr>{heads}<th scope="col" class="act">'
        '<span class="visually-hidden">What can be done</span></th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        heads=heads,
        rows=joined(_row(row, now) for row in rows),
    )


def _row(row: UserRow, now: datetime) -> Html:
    account = row.account
    return html(
        '<tr><td class="person"><span class="name" dir="auto">{name}</span>{oneself}{without}</td>'
        '<td class="role">{role}</td><td class="last">{last}</td><td class="added">{added}</td>'
        '<td class="act">{password}{remove}</td></tr>',
        name=account.name,
        oneself=html('<span class="badge">you</span>') if row.is_oneself else NOTHING,
        without=NOTHING if account.password else html('<span class="badge">no password</span>'),
        role=_role(row),
        last=_last(row, now),
        # As it is kept: in a column, a day is read faster than in words.
        added=html('<time datetime="{0}">{0}</time>', account.made[:10]),
        password=_password_button(row),
        remove=_remove_button(row),
    )


def _role(row: UserRow) -> Html:
    account = row.account
    if row.is_only_admin:
        return html('{}<span class="narrower">the only one</span>', account.role.value)
    options = joined(
        html(
            '<option value="{value}"{selected}>{value}</option>',
            value=role.value,
            selected=attribute("selected", role is account.role),
        )
        for role in Role
    )
    return html(
        '<select class="often" data-action="role" data-user="{key}" data-name="{name}" data-role="{role}"'
        ' data-oneself="{oneself}" aria-label="Role of {name}">{options}</select>',
        key=exact(account.name),
        name=account.name,
        role=account.role.value,
        oneself="yes" if row.is_oneself else "",
        options=options,
    )


def _last(row: UserRow, now: datetime) -> Html:
    if row.last is None:
        return html('<span class="quiet">not known</span>')
    inside = html('<span class="narrower">logged in now</span>') if row.is_logged_in else NOTHING
    return html("{}{}", clock_html(row.last, now), inside)


def _password_button(row: UserRow) -> Html:
    return html(
        '<button type="button" class="tool framed" data-action="password" data-user="{key}"'
        ' data-name="{name}" data-oneself="{oneself}" aria-label="New password for {name}">'
        "New password</button>",
        key=exact(row.account.name),
        name=row.account.name,
        oneself="yes" if row.is_oneself else "",
    )


def _remove_button(row: UserRow) -> Html:
    if row.is_only_admin:
        return NOTHING
    return html(
        '<button type="button" class="tool icon-only" data-action="remove" data-user="{key}"'
        ' data-name="{name}" data-oneself="{oneself}" aria-label="Remove {name}" title="Remove">'
        "{icon}</button>",
        key=exact(row.account.name),
        name=row.account.name,
        oneself="yes" if row.is_oneself else "",
        icon=icons.BIN,
    )


def _add(*, without_password: bool) -> Html:
    roles = joined(
        html('<option value="{value}">{value}: {may}</option>', value=role.value, may=_MAY[role])
        for role in Role
    )
    return html(
        '<section aria-labelledby="add-title"><h2 id="add-title">Add a user</h2>'
        '<form class="way person-form" data-form="add"><div class="fields"><div class="choice">'
        '<label for="new-name">Name</label><input id="new-name" name="name" maxlength="{longest}" required'
        ' autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="add-error"></div>'
        '<div class="choice"><label for="new-role">Role</label>'
        '<select id="new-role" name="role">{roles}</select></div>{password}</div>'
        '<p id="add-error" class="error" role="alert" dir="auto"></p>'
        '<button type="submit" class="tool framed strong">Add</button></form>{secret}</section>',
        longest=LONGEST_NAME,
        roles=roles,
        password=_password_fields("new", without_password=without_password),
        secret=_secret(),
    )


def _password_fields(which: str, *, without_password: bool) -> Html:
    """How the password comes about, and where it is typed if it is."""
    none = html('<option value="none">none: a proxy lets them in</option>') if without_password else NOTHING
    return html(
        '<div class="choice"><label for="{which}-way">Password</label>'
        '<select id="{which}-way" name="way" data-way><option value="make">made up, shown once</option>'
        '<option value="type">typed here</option>{none}</select></div>'
        '<div class="choice typed" hidden><label for="{which}-first">Password, {shortest} characters or'
        ' more</label><input id="{which}-first" name="first" type="password" maxlength="{longest}"'
        ' autocomplete="new-password"></div>'
        '<div class="choice typed" hidden><label for="{which}-second">The same again</label>'
        '<input id="{which}-second" name="second" type="password" maxlength="{longest}"'
        ' autocomplete="new-password"></div>',
        which=which,
        none=none,
        shortest=SHORTEST,
        longest=LONGEST,
    )


def _secret() -> Html:
    return html(
        '<div id="secret" class="card" role="status" hidden><p id="secret-of"></p>'
        '<p class="secret"><code id="secret-words"></code></p>'
        '<p class="quiet">It is shown this once and kept nowhere: hand it over by a safe way.</p>'
        '<div class="buttons"><button type="button" class="tool framed" data-action="copy-secret">{copy}'
        '<span>Copy</span></button><button type="button" class="tool framed" data-action="leave-secret">'
        "Done</button></div></div>",
        copy=icons.COPY,
    )


def _password_dialog(*, without_password: bool) -> Html:
    return html(
        '<dialog id="passwd" class="asking" aria-labelledby="passwd-title">'
        '<form data-form="password" class="person-form"><p id="passwd-title"></p>'
        '<p class="quiet" id="passwd-detail"></p><input type="hidden" name="user">'
        '<div class="fields">{fields}</div><p id="passwd-error" class="error" role="alert" dir="auto"></p>'
        '<div class="buttons"><button type="submit" class="tool framed strong">Set the password</button>'
        '<button type="button" class="tool framed" data-action="leave-passwd">Cancel</button></div>'
        "</form></dialog>",
        fields=_password_fields("other", without_password=without_password),
    )
