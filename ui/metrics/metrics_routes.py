"""/metrics in Prometheus's text format, for this machine alone."""

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ui.accounts.proxies import is_passed_on
from ui.metrics.figures import Figures

METRICS = "/metrics"

Admitted = Callable[[Request], bool]
"""Whether whoever sends a request may see the figures."""


def metrics_routes(figures: Figures, admitted: Admitted | None = None) -> APIRouter:
    """The one route. `admitted` says who may see it beside this machine: here a check of roles joins in."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(METRICS)
    def metrics(request: Request) -> Response:
        if not (from_this_machine(request) or (admitted is not None and admitted(request))):
            raise HTTPException(403, "the figures are for this machine alone; ask at 127.0.0.1")
        return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)

    return routes


def from_this_machine(request: Request) -> bool:
    """Whether a request was sent on this machine, to it by one of its own names, and by way of no proxy.

    The name is looked at since a page elsewhere can have its own name lead here. A proxy on this machine that
    says nothing of itself looks like this machine: it has to refuse the path by itself.
    """
    if is_passed_on(request.headers):
        return False
    asked = urlsplit(f"//{request.headers.get('host', '')}")
    try:
        name = asked.hostname or ""
    except ValueError:
        return False
    client = request.client.host if request.client else ""
    return _is_loopback(client) and (name == "localhost" or _is_loopback(name))


def _is_loopback(address: str) -> bool:
    try:
        one = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(one, "ipv4_mapped", None)
    return (mapped or one).is_loopback
