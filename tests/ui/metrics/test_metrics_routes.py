"""The figures are told to this machine alone, and never by way of a proxy."""

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from ui.metrics.figures import Figures
from ui.metrics.metrics_routes import METRICS, Admitted, metrics_routes

HERE = ("127.0.0.1", 50000)


def client(
    *, sender: tuple[str, int] = HERE, host: str = "127.0.0.1:7860", admitted: Admitted | None = None
) -> TestClient:
    app = FastAPI()
    app.include_router(metrics_routes(Figures(), admitted))
    return TestClient(app, base_url=f"http://{host}", client=sender)


def test_this_machine_reads_them_in_the_format_of_prometheus() -> None:
    answer = client().get(METRICS)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {
        "footnote_first_word_seconds",
        "footnote_answer_seconds",
        "process_resident_memory_bytes",
    } <= names


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860", "127.9.9.9"])
def test_it_may_be_asked_by_any_name_of_this_machine(host: str) -> None:
    assert client(host=host).get(METRICS).status_code == 200


@pytest.mark.parametrize("sender", ["::1", "127.4.4.4", "::ffff:127.0.0.1"])
def test_every_loopback_address_is_this_machine(sender: str) -> None:
    assert client(sender=(sender, 1)).get(METRICS).status_code == 200


@pytest.mark.parametrize("sender", ["10.0.0.5", "::ffff:10.0.0.5", "fe80::1", "testclient", ""])
def test_other_machines_are_refused(sender: str) -> None:
    answer = client(sender=(sender, 1)).get(METRICS)
    assert answer.status_code == 403
    assert "footnote_" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.5", "evil.example:7860", "0.0.0.0"])
def test_a_page_elsewhere_whose_name_leads_here_is_refused(host: str) -> None:
    assert client(host=host).get(METRICS).status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Whatever",
        "Forwarded",
        "Via",
        "X-Real-IP",
        "x-client-ip",
    ],
)
@pytest.mark.parametrize("value", ["127.0.0.1", "10.0.0.5", ""])
def test_what_a_proxy_on_this_machine_passes_on_is_refused(header: str, value: str) -> None:
    assert client().get(METRICS, headers={header: value}).status_code == 403


def test_a_check_of_roles_may_admit_others_and_takes_nothing_from_this_machine() -> None:
    def admin(request: Request) -> bool:
        return request.headers.get("x-role") == "admin"

    elsewhere = client(sender=("10.0.0.5", 1), admitted=admin)
    assert elsewhere.get(METRICS).status_code == 403
    assert elsewhere.get(METRICS, headers={"x-role": "admin"}).status_code == 200
    assert client(admitted=admin).get(METRICS).status_code == 200


def test_nothing_is_told_of_questions_or_articles_but_numbers() -> None:
    figures = Figures()
    figures.ended("answered", 3.0)
    figures.failed(KeyError("secret"))
    app = FastAPI()
    app.include_router(metrics_routes(figures))
    told = TestClient(app, base_url="http://127.0.0.1", client=HERE).get(METRICS).text
    assert 'footnote_questions_total{status="answered"} 1.0' in told
    assert 'footnote_errors_total{kind="unexpected"} 1.0' in told
    assert "secret" not in told
