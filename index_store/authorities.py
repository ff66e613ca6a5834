"""Whose certificates are trusted: the usual authorities, or those that a firm's own network names."""

import os
import ssl
from pathlib import Path

import httpx

from index_store.errors import RunError

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Where such a network names its authorities: for OpenSSL, Requests, curl. The first that is set counts."""


def trusted_authorities() -> ssl.SSLContext:
    """What connections are checked with. Raises RunError when a variable names what holds no certificate."""
    for variable in VARIABLES:
        told = os.environ.get(variable)
        if not told:
            continue
        place = Path(told)
        try:
            if place.is_dir():
                return ssl.create_default_context(capath=told)
            return ssl.create_default_context(cafile=told)
        except OSError as error:  # what is no certificate, too
            why = error.strerror or str(error)
            raise RunError(
                f"{variable} names {told!r}, which cannot be used ({why}); name a file with certificates"
            ) from error
    return httpx.create_ssl_context(trust_env=False)
