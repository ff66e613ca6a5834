"""A certificate for the tests, signed by itself, made when it is first wanted."""

import shutil
import subprocess
from pathlib import Path

import pytest


def certificate(folder: Path, name: str = "footnote.example") -> tuple[Path, Path]:
    """The files with the certificate and with its key, in PEM."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl to make a certificate with")
    pem, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        [
            *(program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(pem)),
        ],
        capture_output=True,
        check=True,
    )
    return pem, key
