"""Logging in, out, and being logged out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from door_steps import HERE, NAMES, PASSWORD, Door, log_in, logged_in, visitor
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from ui.accounts.access import COOKIE, SECURE_COOKIE
from ui.accounts.guard import GradioFunctions, Guard
from ui.accounts.login_routes import LARGEST_FORM, login_routes, safe_address
from ui.accounts.person import Role
from ui.accounts.proxies import Proxies
from ui.accounts.request_limits import PerMinute


def small_app(door: Door, *, requests: int = 0) -> FastAPI:
    """The guard and the log-in routes, before a library page that says who asks."""
    from fastapi import Request

    from ui.accounts.person import person_of

    app = FastAPI()
    routes = APIRouter()

    @routes.get("/library")
    def library(request: Request) -> str:
        return f"{person_of(request).name} {person_of(request).role.value}"

    @routes.get("/library/progress")
    def progress() -> str:
        return "nothing"

    @routes.post("/library/sync")
    def sync() -> str:
        return "done"

    @routes.get("/metrics")
    def metrics() -> str:
        return "figures"

    app.include_router(routes)
    app.include_router(login_routes(door.checks().login))
    app.add_middleware(Guard, access=door.access, functions=GradioFunctions, requests=PerMinute(requests))
    return app


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path).with_people()


@pytest.fixture
def app(door: Door) -> FastAPI:
    return small_app(door)


@pytest.fixture
def web(app: FastAPI) -> Iterator[TestClient]:
    with visitor(app) as made:
        yield made


def test_without_accounts_nobody_is_asked(tmp_path: Path) -> None:
    web = visitor(small_app(Door(tmp_path)))
    assert web.get("/library").json() == "None admin"
    assert web.get("/login?next=/library").headers["location"] == "/library"
    assert log_in(web, "ada").headers["location"] == "/"
    assert not web.cookies


def test_from_the_first_account_on_everybody_is_asked_at_once(tmp_path: Path) -> None:
    door = Door(tmp_path)
    web = visitor(small_app(door))
    assert web.get("/library").status_code == 200
    door.with_people()
    assert web.get("/library").headers["location"] == "/login?next=/library"
    for name in ("rita", "edgar", "ada"):
        door.file.remove(name)
    # Until it is started again: whoever was let in by a name is not let in without any.
    assert web.get("/library").status_code == 303


def test_where_others_reach_the_page_nobody_comes_in_without_an_account(tmp_path: Path) -> None:
    web = visitor(small_app(Door(tmp_path, is_local=False)))
    assert web.get("/library").status_code == 303
    assert log_in(web, "ada").status_code == 403


def test_whoever_logs_in_comes_to_the_page_that_was_wanted(web: TestClient) -> None:
    asked = web.get("/library?a=1&b=2")
    assert asked.status_code == 303
    page = web.get(asked.headers["location"])
    assert page.status_code == 200
    assert 'name="next" value="/library?a=1&amp;b=2"' in page.text
    done = log_in(web, "Rita ", next="/library?a=1&b=2")
    assert (done.status_code, done.headers["location"]) == (303, "/library?a=1&b=2")
    assert web.get("/library").json() == "rita reader"
    assert web.get("/login").headers["location"] == "/"


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(web: TestClient) -> None:
    (cookie,) = log_in(web, "rita").headers.get_list("set-cookie")
    name, _, rest = cookie.partition("=")
    assert name == COOKIE
    parts = {part.strip().lower() for part in rest.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax"}


def test_under_tls_the_cookie_travels_by_tls_alone(app: FastAPI) -> None:
    web = visitor(app, base_url="https://footnote.example")
    (cookie,) = log_in(web, "rita").headers.get_list("set-cookie")
    assert cookie.startswith(f"{SECURE_COOKIE}=")
    assert "; secure" in cookie.lower()
    assert "domain" not in cookie.lower()
    assert web.get("/library").status_code == 200


def test_under_tls_a_cookie_that_came_without_it_counts_for_nothing(app: FastAPI) -> None:
    """Whoever is on the way can set a cookie without TLS, and so lead others into a session of their own."""
    strange = logged_in(app, Role.READER).cookies[COOKIE]
    web = visitor(app, base_url="https://footnote.example")
    assert web.get("/library", headers={"cookie": f"{COOKIE}={strange}"}).status_code == 303
    assert web.get("/library", headers={"cookie": f"{SECURE_COOKIE}={strange}"}).status_code == 200
    log_in(web, "edgar")
    own = f"{SECURE_COOKIE}={web.cookies[SECURE_COOKIE]}"
    for both in (f"{COOKIE}={strange}; {own}", f"{own}; {COOKIE}={strange}"):
        told = visitor(app, base_url="https://footnote.example").get("/library", headers={"cookie": both})
        assert told.json() == "edgar editor"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP"])
def test_without_accounts_what_a_proxy_passes_on_is_refused(tmp_path: Path, header: str) -> None:
    """It listens on this machine alone, and a proxy on this machine lets others in."""
    web = visitor(small_app(Door(tmp_path)))
    for method, path in (("GET", "/library"), ("POST", "/library/sync"), ("GET", "/metrics")):
        reply = web.request(method, path, headers={header: "192.0.2.7"})
        assert reply.status_code == 403, path
        assert "footnote users add" in reply.text
    assert web.get("/library").status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nothing(web: TestClient, door: Door) -> None:
    wrong, unknown = log_in(web, "rita", "wrong password"), log_in(web, "zeno", "wrong password")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace("rita", "zeno") == unknown.text
    assert dict(wrong.headers) == dict(unknown.headers)
    assert len(door.hasher.compared) == 2
    assert "wrong password" not in wrong.text.replace("Name or password is wrong", "")
    assert not web.cookies


def test_an_account_without_a_password_cannot_be_logged_in_to(web: TestClient, door: Door) -> None:
    door.file.add("pat", Role.READER, None)
    for password in ("", "None", "null", PASSWORD):
        assert log_in(web, "pat", password).status_code == 403


@pytest.mark.parametrize(
    "name", ["", "x" * 10_000, "<script>alert(1)</script>", '"><b>', "\x00", "ri\u200bta"]
)
def test_an_odd_name_is_wrong_and_shown_as_text_alone(web: TestClient, name: str) -> None:
    reply = log_in(web, name)
    assert reply.status_code in (403, 413)
    assert "<script>alert" not in reply.text
    assert '"><b>' not in reply.text
    assert len(reply.text) < 5000


def test_attempts_are_slowed_by_name_even_with_the_right_password(app: FastAPI, door: Door) -> None:
    replies = []
    for number in range(8):
        web = visitor(app, peer=f"10.0.{number}.1")
        replies.append(log_in(web, "rita", "wrong password"))
    assert ["Too many attempts" in one.text for one in replies] == [False] * 5 + [True] * 3
    assert replies[-1].status_code == 429
    assert len(door.hasher.compared) == 5
    late = log_in(visitor(app, peer="10.0.99.1"), "RITA")
    assert "Too many attempts. Try again in 1 second." in late.text
    door.clock.now += 1
    assert log_in(visitor(app, peer="10.0.99.1"), "rita").status_code == 303
    # Others come in as before.
    assert log_in(visitor(app, peer="10.0.0.1"), "edgar").status_code == 303


def test_attempts_are_slowed_by_address_whatever_the_names(app: FastAPI, door: Door) -> None:
    web = visitor(app, peer="10.0.0.1")
    told = [log_in(web, f"name{number}", "wrong password").text for number in range(30)]
    assert sum("Too many attempts" in one for one in told) == 10
    assert "Too many attempts" in log_in(web, "rita").text
    assert log_in(visitor(app, peer="10.0.0.2"), "rita").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000"},
        {},
    ],
)
def test_no_other_page_can_log_anybody_in(app: FastAPI, headers: dict[str, str]) -> None:
    web = TestClient(app, base_url=HERE, follow_redirects=False, headers=headers)
    assert log_in(web, "rita").status_code == 403
    assert not web.cookies


def test_browsers_that_tell_only_the_origin_can_log_in(app: FastAPI) -> None:
    web = TestClient(app, base_url=HERE, follow_redirects=False, headers={"origin": HERE})
    assert log_in(web, "rita").status_code == 303


def test_another_page_changes_nothing_in_a_readers_name(app: FastAPI) -> None:
    web = logged_in(app, Role.ADMIN)
    assert web.post("/library/sync").status_code == 200
    for headers in ({"sec-fetch-site": "same-site"}, {"sec-fetch-site": "cross-site"}):
        assert web.post("/library/sync", headers=headers).status_code == 403
        assert web.post("/logout", headers=headers).status_code == 403
    del web.headers["sec-fetch-site"]
    assert web.post("/library/sync", headers={"origin": "http://127.0.0.1:8000"}).status_code == 403
    assert web.post("/library/sync", headers={"origin": HERE}).status_code == 200


def test_logging_out_ends_the_session_and_not_the_cookie_alone(app: FastAPI, door: Door) -> None:
    web = logged_in(app, Role.READER)
    token = web.cookies[COOKIE]
    assert web.post("/logout").status_code == 204
    assert not web.cookies
    assert visitor(app).get("/library", headers={"cookie": f"{COOKIE}={token}"}).status_code == 303


def test_logging_in_again_ends_the_session_before(app: FastAPI, door: Door) -> None:
    web = logged_in(app, Role.READER)
    before = web.cookies[COOKIE]
    log_in(web, "edgar")
    assert web.cookies[COOKIE] != before
    assert len(door.sessions) == 1
    assert visitor(app).get("/library", headers={"cookie": f"{COOKIE}={before}"}).status_code == 303


def test_a_cookie_from_elsewhere_is_never_made_a_session(app: FastAPI) -> None:
    web = visitor(app)
    web.cookies.set(COOKIE, "chosen-by-another")
    log_in(web, "rita")
    assert all(cookie.value != "chosen-by-another" for cookie in web.cookies.jar if cookie.domain)
    assert visitor(app).get("/library", headers={"cookie": f"{COOKIE}=chosen-by-another"}).status_code == 303


def test_sessions_end_for_who_is_removed_gets_another_password_or_another_role(
    app: FastAPI, door: Door
) -> None:
    rita, edgar, other = (logged_in(app, role) for role in (Role.READER, Role.EDITOR, Role.READER))
    door.file.set_password("rita", door.passwords.hash("another horse"))
    assert rita.get("/library").status_code == other.get("/library").status_code == 303
    assert log_in(rita, "rita").status_code == 403
    assert log_in(rita, "rita", "another horse").status_code == 303
    door.file.set_role("edgar", Role.READER)
    assert edgar.get("/library").status_code == 303
    door.file.remove("rita")
    assert rita.get("/library").status_code == 303


def test_a_session_ends_by_itself_though_the_page_stays_open(app: FastAPI, door: Door) -> None:
    web = logged_in(app, Role.READER)
    for _ in range(3):
        door.clock.now += 25 * 60
        status = web.get("/library/progress").status_code
    assert status == 303
    web = logged_in(app, Role.READER)
    for _ in range(3):
        door.clock.now += 25 * 60
        assert web.get("/library").status_code == 200


def test_what_was_shown_is_not_shown_again_after_logging_out(app: FastAPI, tmp_path: Path) -> None:
    assert logged_in(app, Role.READER).get("/library").headers["cache-control"] == "no-store"
    assert "cache-control" not in visitor(small_app(Door(tmp_path / "other"))).get("/library").headers


def test_a_failed_attempt_is_in_the_log_without_what_was_typed(
    web: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    log_in(web, "rita", "wrong password")
    log_in(web, "my secret word", "wrong password")
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told == ["log-in as rita from 127.0.0.1 failed", "log-in as nobody from 127.0.0.1 failed"]


def test_a_stream_ends_when_its_reader_may_read_no_more(door: Door) -> None:
    from fastapi.responses import StreamingResponse

    app = small_app(door)

    @app.get("/library/parts")
    def parts() -> StreamingResponse:
        def pieces() -> Iterator[bytes]:
            for number in range(6):
                if number == 3:
                    door.file.remove("rita")
                yield f"{number} ".encode()

        return StreamingResponse(pieces())

    assert logged_in(app, Role.READER).get("/library/parts").text == "0 1 2 "


def test_scripts_are_told_by_a_status_and_people_by_the_page(web: TestClient) -> None:
    assert web.get("/library", headers={"accept": "application/json"}).status_code == 401
    assert web.post("/library/sync").status_code == 401
    assert web.get("/library").status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "library",
        "",
        None,
        "/x\r\nSet-Cookie: a=b",
        "/login",
        "/logout",
        "/" + "x" * 3000,
        "http:/x",
    ],
)
def test_nobody_is_led_away_from_the_page(wanted: str | None) -> None:
    assert safe_address(wanted) == "/"


def test_a_form_may_not_be_endless(web: TestClient) -> None:
    reply = web.post("/login", content=b"name=" + b"x" * LARGEST_FORM)
    assert reply.status_code == 413
    assert web.post("/login", content=b"&".join([b"a=b"] * 50)).status_code == 403


def test_the_log_in_page_runs_no_script_and_is_kept_nowhere(web: TestClient) -> None:
    reply = web.get("/login")
    assert "<script" not in reply.text
    assert "script-src" not in reply.headers["content-security-policy"]
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["cache-control"] == "no-store"


def test_accounts_that_cannot_be_read_let_nobody_in(app: FastAPI, tmp_path: Path) -> None:
    web = logged_in(app, Role.ADMIN)
    (tmp_path / "accounts.json").write_text("{")
    assert web.get("/library").status_code == 503
    assert visitor(app).get("/library").status_code == 303
    assert log_in(visitor(app), "ada").status_code == 503


def test_requests_of_one_person_are_limited_and_others_are_not(tmp_path: Path) -> None:
    door = Door(tmp_path).with_people()
    app = small_app(door, requests=5)
    rita, edgar = logged_in(app, Role.READER), logged_in(app, Role.EDITOR)
    replies = [rita.get("/library") for _ in range(7)]
    assert [one.status_code for one in replies] == [200] * 5 + [429] * 2
    assert int(replies[-1].headers["retry-after"]) <= 60
    assert replies[-1].text.startswith("Too many requests; ask again in")
    assert edgar.get("/library").status_code == 200


def test_figures_are_for_admins_and_for_this_machine(app: FastAPI) -> None:
    assert visitor(app).get("/metrics").json() == "figures"
    assert visitor(app, peer="10.0.0.1").get("/metrics").status_code == 303
    assert visitor(app).get("/metrics", headers={"x-forwarded-for": "10.0.0.1"}).status_code == 303
    for role, status in ((Role.READER, 403), (Role.EDITOR, 403), (Role.ADMIN, 200)):
        web = visitor(app, peer="10.0.0.1")
        log_in(web, NAMES[role])
        assert web.get("/metrics").status_code == status


# ---- a proxy that names people ---------------------------------------------------------------------


@pytest.fixture
def behind(tmp_path: Path) -> FastAPI:
    proxies = Proxies(("10.0.0.1",), header="X-Remote-User")
    return small_app(Door(tmp_path, is_local=False, proxies=proxies).with_people())


def test_whom_the_proxy_names_is_let_in_with_the_role_of_their_account(behind: FastAPI) -> None:
    proxy = visitor(behind, peer="10.0.0.1")
    for name, told in (("ada", "ada admin"), ("EDGAR", "edgar editor"), ("new", "new reader")):
        assert proxy.get("/library", headers={"x-remote-user": name}).json() == told
    assert proxy.post("/library/sync", headers={"x-remote-user": "new"}).status_code == 403
    assert proxy.post("/library/sync", headers={"x-remote-user": "edgar"}).status_code == 200


def test_whom_a_stranger_names_is_asked_to_log_in(behind: FastAPI) -> None:
    for peer in ("10.0.0.2", "127.0.0.1"):
        stranger = visitor(behind, peer=peer)
        assert stranger.get("/library", headers={"x-remote-user": "ada"}).status_code == 303
        spoofed = {"x-remote-user": "ada", "x-forwarded-for": "10.0.0.1"}
        assert stranger.get("/library", headers=spoofed).status_code == 303


def test_names_that_are_nearly_the_same_are_two_people(tmp_path: Path) -> None:
    proxies = Proxies(("10.0.0.1",), header="X-Remote-User")
    door = Door(tmp_path, is_local=False, proxies=proxies).with_people()
    door.file.add("Straße", Role.ADMIN, None)
    for given, told in (
        ("strasse", "strasse"),
        ("STRASSE", "STRASSE"),
        ("straße", "Straße"),
        ("ad\u0430", "ad\u0430"),
    ):
        found = door.access._named_by_proxy(given)
        assert found is not None
        assert (found.name, found.role) == (told, Role.ADMIN if told == "Straße" else Role.READER)
    from ui.accounts.person import named_by_proxy

    assert named_by_proxy("Strasse") != named_by_proxy("Straße")
    assert named_by_proxy("Ada") == named_by_proxy("ADA")


def test_the_proxy_has_to_name_somebody(behind: FastAPI, tmp_path: Path) -> None:
    proxy = visitor(behind, peer="10.0.0.1")
    assert proxy.get("/library").status_code == 303
    for name in ("", "a b", "<b>", "x" * 100):
        assert proxy.get("/library", headers={"x-remote-user": name}).status_code == 303
    alone = Door(tmp_path / "alone", proxies=Proxies(("10.0.0.1",), header="X-Remote-User"))
    reply = visitor(small_app(alone), peer="10.0.0.1").get("/library")
    assert (reply.status_code, reply.text) == (
        403,
        "The proxy before Footnote has to say who asks, and has not",
    )


# ---- Gradio's functions ------------------------------------------------------------------------------


def test_a_function_for_editors_is_refused_to_readers_and_one_without_a_role_to_everybody(door: Door) -> None:
    app = FastAPI()

    @app.post("/gradio_api/queue/join")
    def join(body: dict[str, object]) -> list[str]:
        return sorted(body)

    app.include_router(login_routes(door.checks().login))
    app.add_middleware(
        Guard,
        access=door.access,
        functions=lambda: GradioFunctions({1: "for-readers", 2: "for-editors", 3: "for-nobody"}),
        requests=PerMinute(0),
        roles={"for-readers": Role.READER, "for-editors": Role.EDITOR},
    )
    people = {role: logged_in(app, role) for role in Role}

    def statuses(index: int) -> list[int]:
        call = {"fn_index": index, "data": [], "event_id": "x", "batched": True}
        return [
            web.post("/gradio_api/queue/join", json={**call, "session_hash": role.value}).status_code
            for role, web in people.items()
        ]

    assert statuses(1) == [200, 200, 200]
    assert statuses(2) == [403, 200, 200]
    assert statuses(3) == [403, 403, 403]
    call = b'{"fn_index": 2, "fn_index": 1, "data": [], "session_hash": "reader", "batched": true}'
    passed_on = people[Role.READER].post("/gradio_api/queue/join", content=call)
    # Of two the last one counts, here as there; what is not read here is not passed on.
    assert passed_on.json() == ["data", "fn_index", "session_hash"]
