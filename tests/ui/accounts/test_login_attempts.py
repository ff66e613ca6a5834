from door_steps import Clock

from ui.accounts.login_attempts import LONGEST_WAIT_SECONDS, LoginAttempts, address_key


def test_a_few_attempts_wait_for_nothing_and_each_one_after_them_longer() -> None:
    clock = Clock()
    attempts = LoginAttempts(free=3, clock=clock)
    assert [attempts.begin("ada") for _ in range(3)] == [0, 0, 0]
    waits = []
    for _ in range(9):
        wait = attempts.begin("ada")
        waits.append(wait)
        clock.now += wait
        assert attempts.begin("ada") == 0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert max(waits) == LONGEST_WAIT_SECONDS


def test_knocking_while_one_has_to_wait_makes_nobody_wait_longer() -> None:
    clock = Clock()
    attempts = LoginAttempts(free=1, clock=clock)
    attempts.begin("ada")
    assert [attempts.begin("ada") for _ in range(50)] == [1.0] * 50


def test_many_at_once_do_not_all_pass() -> None:
    attempts = LoginAttempts(free=5, clock=Clock())
    assert [attempts.begin("ada") for _ in range(100)].count(0) == 5


def test_other_names_wait_for_nothing() -> None:
    attempts = LoginAttempts(free=1, clock=Clock())
    attempts.begin("ada")
    assert attempts.begin("ada") > 0
    assert attempts.begin("rita") == 0


def test_a_success_makes_the_name_forgotten_but_only_itself_for_the_address() -> None:
    attempts = LoginAttempts(free=2, clock=Clock())
    attempts.begin("ada")
    attempts.begin("ada")
    attempts.succeeded("ada", forget=True)
    assert attempts.begin("ada") == 0
    attempts.begin("10.0.0.1")
    attempts.begin("10.0.0.1")
    attempts.succeeded("10.0.0.1", forget=False)
    assert attempts.begin("10.0.0.1") == 0
    assert attempts.begin("10.0.0.1") > 0
    attempts.succeeded("nobody", forget=True)


def test_it_is_forgotten_after_a_quarter_of_an_hour() -> None:
    clock = Clock()
    attempts = LoginAttempts(free=1, clock=clock)
    attempts.begin("ada")
    clock.now += 901
    assert attempts.begin("ada") == 0


def test_any_number_of_names_takes_a_bounded_memory() -> None:
    attempts = LoginAttempts(free=1, most=100, clock=Clock())
    for number in range(1000):
        attempts.begin("x" * 10_000 + str(number))
    assert len(attempts) == 100


def test_an_address_is_one_whatever_its_spelling_and_a_network_of_one_household_too() -> None:
    assert address_key("2001:db8:1:2:3:4:5:6") == address_key("2001:0db8:0001:0002::9")
    assert address_key("2001:db8:1:2::1") != address_key("2001:db8:1:3::1")
    assert address_key("::ffff:10.0.0.1") == address_key("10.0.0.1") == "10.0.0.1"
    assert address_key("testclient") == "testclient"
