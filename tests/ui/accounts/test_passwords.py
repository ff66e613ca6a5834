from typing import Literal

import pytest
from door_steps import QuickHasher

from index_store.errors import UsageError
from ui.accounts.passwords import LONGEST, SHORTEST, Passwords, made_up


def test_the_hash_is_argon2id_with_a_salt_and_the_password_is_not_in_it() -> None:
    from argon2 import PasswordHasher, extract_parameters
    from argon2.low_level import Type

    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    first, second = passwords.hash("correct horse"), passwords.hash("correct horse")
    assert first != second
    assert "horse" not in first
    assert extract_parameters(first).type is Type.ID
    assert passwords.match(first, "correct horse")
    assert not passwords.match(first, "correct horsf")
    assert not passwords.match("nonsense", "correct horse")


def test_by_default_it_costs_what_the_rfc_asks_for() -> None:
    from argon2 import PasswordHasher

    made = PasswordHasher()
    assert (made.memory_cost, made.time_cost) >= (64 * 1024, 3)


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1])
def test_a_password_too_short_or_too_long_is_refused_without_being_said(length: int) -> None:
    with pytest.raises(UsageError, match=f"{length} characters") as told:
        Passwords(QuickHasher()).hash("x" * length)
    assert "xxxx" not in str(told.value)


def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    passwords = Passwords(QuickHasher())
    assert passwords.match(passwords.hash("u\u0308berlang und gut"), "\u00fcberlang und gut")


def test_where_there_is_no_account_as_much_is_compared() -> None:
    hasher = QuickHasher()
    passwords = Passwords(hasher)
    kept = passwords.hash("correct horse")
    assert not passwords.match(None, "correct horse")
    assert not passwords.match(kept, "something else")
    assert len(hasher.compared) == 2
    # Not even the one behind the comparison lets anybody in.
    assert not passwords.match(None, hasher.compared[0].removeprefix("quick:")[::-1])


def test_an_unknown_name_is_compared_at_the_same_costs() -> None:
    from argon2 import PasswordHasher, extract_parameters

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            compared.append(str(hash))
            return super().verify(hash, password)

    compared: list[str] = []
    passwords = Passwords(Watched(time_cost=2, memory_cost=16, parallelism=1))
    kept = passwords.hash("correct horse")
    assert passwords.match(kept, "something else") is passwords.match(None, "something else") is False
    known, unknown = map(extract_parameters, compared)
    assert known == unknown


def test_a_made_up_password_is_taken_and_never_the_same() -> None:
    made = {made_up() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        assert Passwords(QuickHasher()).hash(one)
        assert not set(one) & set("il1o0")
