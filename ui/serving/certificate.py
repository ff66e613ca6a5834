"""The certificate under which the page is served, and how a process of this user knows it again."""

import re
import ssl
from dataclasses import dataclass

from ui.accounts.opening import certificate_files
from ui.settings.settings import Settings

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ServedCertificate:
    """The files with certificate and key, and the certificate itself in PEM, without those behind it."""

    certificate: str
    key: str
    pem: str


def served_certificate(settings: Settings) -> ServedCertificate | None:
    """What the settings name; None where the page is served without TLS. The files have been checked."""
    if settings.tls_certificate is None:
        return None
    certificate, key = certificate_files(settings)
    with open(certificate, encoding="latin-1") as stream:
        found = _PEM.search(stream.read())
    return ServedCertificate(certificate, key, found[0] if found else "")


def trusting(pem: str | None) -> ssl.SSLContext:
    """What believes this one certificate, whatever name it is for, and no other.

    The process on this machine is called by its address, which no certificate has to name.
    """
    # Without one it is plain HTTP: reading the world's authorities would be half of a short command.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if pem:
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=pem)
    return context
