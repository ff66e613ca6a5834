from dataclasses import replace
from datetime import UTC, datetime

from chat_samples import tags, visible_text

from ui.accounts.account_file import Account
from ui.accounts.person import Role
from ui.markup import NOTHING
from ui.users.users_page import UserRow, line_html, rows_html, users_body

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ADA = Account("i1", "ada", Role.ADMIN, "s", "2026-01-02T08:00:00+00:00", "a hash")
RITA = Account("i2", "rita", Role.READER, "s", "2026-02-03T08:00:00+00:00", None)
PARTS = dict.fromkeys(("line", "problem", "users"), NOTHING)


def told(row: UserRow) -> str:
    return " ".join(visible_text(rows_html([row], NOW)).split())


def controls(row: UserRow) -> list[str]:
    return [a["data-action"] for _, a in tags(rows_html([row], NOW)) if "data-action" in a]


def test_a_person_is_told_with_role_and_last_log_in() -> None:
    html = rows_html([UserRow(RITA, last=datetime(2026, 3, 5, 9, 30, tzinfo=UTC), is_logged_in=True)], NOW)
    words = " ".join(visible_text(html).split())
    for fact in ("rita", "no password", "09:30", "logged in now", "2026-02-03"):
        assert fact in words
    assert '<option value="reader" selected>reader</option>' in html
    assert "not known" in told(UserRow(RITA))
    assert "you" in told(UserRow(ADA, is_oneself=True))
    assert "a hash" not in rows_html([UserRow(ADA)], NOW)


def test_the_only_admin_can_neither_be_removed_nor_made_anything_else() -> None:
    assert controls(UserRow(ADA, is_only_admin=True)) == ["password"]
    assert controls(UserRow(ADA)) == ["role", "password", "remove"]
    assert "the only one" in told(UserRow(ADA, is_only_admin=True))


def test_the_line_counts_people_and_who_is_logged_in() -> None:
    rows = [UserRow(ADA, last=NOW, is_logged_in=True), UserRow(RITA)]
    assert line_html(rows) == "2 users | 1 logged in"
    assert line_html([]) == ""


def test_without_users_the_page_says_how_to_make_the_first() -> None:
    html = users_body(PARTS, has_users=False)
    assert "footnote users add NAME --role admin" in visible_text(html)
    assert not {"form", "input"} & {name for name, _ in tags(html)}


def test_a_new_person_is_a_reader_unless_somebody_says_otherwise() -> None:
    html = users_body(PARTS)
    options = [a.get("value") for name, a in tags(html) if name == "option"]
    assert options[:3] == ["reader", "editor", "admin"]
    assert "none" not in options
    assert "none" in users_body(PARTS, without_password=True)


def test_passwords_are_typed_unseen_and_offered_to_no_form_filler() -> None:
    fields = [
        a for name, a in tags(users_body(PARTS)) if name == "input" and a["name"] in ("first", "second")
    ]
    assert len(fields) == 4
    assert {(a["type"], a["autocomplete"]) for a in fields} == {("password", "new-password")}


def test_a_name_that_would_be_more_is_text() -> None:
    name = '"><img src=x onerror=ran()>'
    html = rows_html([UserRow(replace(ADA, name=name))], NOW)
    assert "img" not in {tag for tag, _ in tags(html)}
    assert name in visible_text(html)
