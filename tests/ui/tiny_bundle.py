"""A bundle of a few kilobytes: a Footnote that says what it was asked, what it needs, and tiny models."""

import ensurepip
import json
import shutil
import zipfile
from importlib.metadata import version
from pathlib import Path

from ui.bundle.archive import BundledFile, Written, write_archive

FOOTNOTE = """
import os, sys
import feathers
def main():
    print(feathers.WORD, sys.argv[1:], os.environ["FOOTNOTE_HOME"])
"""


def tiny_wheel(
    folder: Path, name: str, release: str, code: str, *, needs: str = "", command: str = ""
) -> Path:
    """A wheel with one module of the package's own name."""
    facts = f"{name}-{release}.dist-info"
    files = {
        f"{name}.py": code,
        f"{facts}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {release}\n"
        + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{facts}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if command:
        files[f"{facts}/entry_points.txt"] = f"[console_scripts]\n{command}\n"
    files[f"{facts}/RECORD"] = "".join(f"{member},,\n" for member in (*files, f"{facts}/RECORD"))
    wheel = folder / f"{name}-{release}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for member, text in files.items():
            packed.writestr(member, text)
    return wheel


def tiny_wheels(folder: Path) -> list[Path]:
    """Footnote's wheel, that of what it needs, and pip's."""
    folder.mkdir(parents=True, exist_ok=True)
    bundled = Path(ensurepip.__file__).parent / "_bundled"
    pip = next(bundled.glob("pip-*.whl"))
    shutil.copy2(pip, folder / pip.name)
    return [
        tiny_wheel(
            folder,
            "footnote",
            version("footnote"),
            FOOTNOTE,
            needs="feathers",
            command="footnote = footnote:main",
        ),
        tiny_wheel(folder, "feathers", "1.0", "WORD = 'light'\n"),
        folder / pip.name,
    ]


def tiny_bundle(folder: Path, **settings: str) -> Written:
    """An archive of these wheels, with a writer of one file and an embedder of two."""
    models = folder / "models"
    (models / "mini" / "parts").mkdir(parents=True)
    for name in ("writer.gguf", "mini/weights.bin", "mini/parts/config.json"):
        (models / name).write_text(f"the bytes of {name}")
    files = [
        BundledFile(f"models/{name.relative_to(models).as_posix()}", name)
        for name in sorted(models.rglob("*"))
        if name.is_file()
    ]
    return write_archive(
        folder / "bundle.zip", tiny_wheels(folder / "wheels"), files, settings, said_to_nobody
    )


def said_to_nobody(line: str) -> None:
    """Nobody looks."""


def rewritten(archive: Path, to: Path, **changes: object) -> Path:
    """The archive with another manifest, its members as they are."""
    with zipfile.ZipFile(archive) as packed, zipfile.ZipFile(to, "w") as changed:
        for info in packed.infolist():
            data = packed.read(info)
            if info.filename == "manifest.json":
                data = json.dumps({**json.loads(data), **changes}).encode()
            changed.writestr(info, data)
    return to
