"""Whether the page may be opened on a host: others are let in only where it is known who they are."""

import ssl
from ipaddress import ip_address
from pathlib import Path

from index_store.errors import UsageError
from ui.accounts.account_file import AccountFile
from ui.home import Home
from ui.settings.settings import Settings


def is_local(host: str) -> bool:
    """Whether nobody but this machine reaches what listens on a host."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_opening(home: Home, settings: Settings) -> None:
    """Raise UsageError or RunError when the page may not be opened as the settings say.

    Loads nothing large: it is asked before anything else.
    """
    there_are_accounts = bool(AccountFile(home.accounts).listed())
    if settings.proxy_addresses and not (there_are_accounts or settings.proxy_header):
        raise UsageError(
            f"setting proxy_addresses: others come by way of {settings.proxy_addresses[0]}, and there are no"
            " users; run: footnote users add NAME --role admin, or set proxy_header"
        )
    if not (is_local(settings.host) or there_are_accounts or settings.proxy_header):
        raise UsageError(
            f"host {settings.host}: others could open it, and there are no users; "
            "run: footnote users add NAME --role admin, or set proxy_header and proxy_addresses"
        )
    _check_certificate(settings)


def warning(settings: Settings) -> str | None:
    """What to say of an opening that may be, but should be otherwise."""
    if is_local(settings.host) or settings.tls_certificate or settings.proxy_addresses:
        return None
    return (
        f"host {settings.host}: without TLS passwords and answers can be read on their way; "
        "set tls_certificate and tls_key, or put a proxy with TLS before it"
    )


def _check_certificate(settings: Settings) -> None:
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        missing, given = ("tls_certificate", "tls_key") if key else ("tls_key", "tls_certificate")
        raise UsageError(f"setting {missing} is missing beside {given}; give both, or none")
    for name, file in (("tls_certificate", certificate), ("tls_key", key)):
        try:
            Path(file).expanduser().read_bytes()
        except (OSError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or error
            raise UsageError(
                f"setting {name}: {file!r} cannot be read ({why}); give a file in PEM"
            ) from error
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate_files(settings), password=_none)
    except (ssl.SSLError, ValueError, OSError) as error:
        raise UsageError(
            f"setting tls_certificate: {certificate!r} and {key!r} are no certificate with its key"
            f" ({getattr(error, 'reason', None) or error}); give them in PEM, the key without a password"
        ) from error


def certificate_files(settings: Settings) -> tuple[str, str]:
    """Certificate and key, as paths that can be opened."""
    certificate, key = settings.tls_certificate or "", settings.tls_key or ""
    return str(Path(certificate).expanduser()), str(Path(key).expanduser())


def _none() -> str:
    """No password: without this OpenSSL would ask for one on the terminal."""
    return ""
