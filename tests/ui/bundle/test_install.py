"""A bundle is installed whole or not at all: damaged, cut off, foreign, or for elsewhere, it is refused."""

import json
import re
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_bundle import rewritten, said_to_nobody, tiny_bundle

from ui.bundle import install as installer
from ui.bundle.install import Progress, Refused, install

Refusal = Callable[..., str]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bundle(tmp_path_factory.mktemp("bundle")).archive


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """Installs what will be refused; gives the one line, and sees to it that nothing was written."""

    def refused(archive: Path, into: Path | None = None) -> str:
        place, home = into or tmp_path / "program", tmp_path / "home"
        with pytest.raises(Refused) as caught:
            install(archive, place, home, said_to_nobody)
        assert not home.exists()
        assert into is not None or not place.exists()
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return refused


def test_an_archive_that_was_cut_off_is_refused(archive: Path, tmp_path: Path, refusal: Refusal) -> None:
    whole = archive.read_bytes()
    for share in (0.1, 0.5, 0.99):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(whole[: int(len(whole) * share)])
        assert "is no whole bundle" in refusal(cut)


@pytest.mark.parametrize("member", ["models/writer.gguf", "wheels/feathers-1.0-py3-none-any.whl"])
def test_one_changed_byte_is_found_wherever_it_is(
    archive: Path, tmp_path: Path, refusal: Refusal, member: str
) -> None:
    with zipfile.ZipFile(archive) as packed:
        begin = packed.getinfo(member).header_offset
    damaged = bytearray(archive.read_bytes())
    name, extra = struct.unpack("<HH", damaged[begin + 26 : begin + 30])
    damaged[begin + 30 + name + extra + 5] ^= 1
    file = tmp_path / "damaged.zip"
    file.write_bytes(damaged)
    assert refusal(file) == f"{file}: is damaged at {member}; copy it here again"


def test_a_member_that_was_exchanged_with_its_checksum_is_found_by_its_hash(
    archive: Path, tmp_path: Path, refusal: Refusal
) -> None:
    file = tmp_path / "exchanged.zip"
    with zipfile.ZipFile(archive) as packed, zipfile.ZipFile(file, "w") as changed:
        for info in packed.infolist():
            data = packed.read(info)
            changed.writestr(info, data[::-1] if info.filename == "models/writer.gguf" else data)
    assert "is damaged at models/writer.gguf" in refusal(file)


@pytest.mark.parametrize("kind", ["not there", "text", "another zip", "a manifest of another format"])
def test_what_is_no_bundle_is_refused(archive: Path, tmp_path: Path, refusal: Refusal, kind: str) -> None:
    file = tmp_path / "foreign.zip"
    if kind == "text":
        file.write_text("no archive")
    elif kind == "another zip":
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("readme.txt", "hello")
    elif kind == "a manifest of another format":
        rewritten(archive, file, format=99)
    assert re.search("is not there|is no whole bundle", refusal(file))


@pytest.mark.parametrize(
    "name", ["../outside", "models/../../outside", "/etc/outside", "models/a//b", "wheels/x.py"]
)
def test_no_name_in_an_archive_leads_out_of_the_folder(tmp_path: Path, refusal: Refusal, name: str) -> None:
    file = tmp_path / "evil.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for member in (name, installer.START, installer.PROGRAM):
            packed.writestr(member, "x")
        manifest = {
            "format": 1, "footnote": "1", "python": "3", "machine": "x", "glibc": [2, 1], "processor": [],
            "settings": {}, "files": {name: [1, "0" * 64]},
        }  # fmt: skip
        packed.writestr(installer.MANIFEST, json.dumps(manifest))
    assert f"names the file {name!r}, which leads elsewhere" in refusal(file)
    assert not list(tmp_path.parent.rglob("outside"))


def test_a_file_that_the_manifest_does_not_name_is_refused(
    archive: Path, tmp_path: Path, refusal: Refusal
) -> None:
    file = rewritten(archive, tmp_path / "more.zip")
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("wheels/extra-1.0-py3-none-any.whl", "x")
    assert "holds other files than it says (wheels/extra-1.0-py3-none-any.whl)" in refusal(file)


def test_a_packed_member_is_refused_since_it_may_unpack_to_anything(
    archive: Path, tmp_path: Path, refusal: Refusal
) -> None:
    file = tmp_path / "packed.zip"
    with zipfile.ZipFile(archive) as packed, zipfile.ZipFile(file, "w") as changed:
        for info in packed.infolist():
            kind = zipfile.ZIP_DEFLATED if info.filename.startswith("models/") else zipfile.ZIP_STORED
            changed.writestr(info.filename, packed.read(info), kind)
    assert "in another size than it says" in refusal(file)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"python": "3.5"}, r"is for Python 3\.5, and this is 3\.\d+; run it with python3\.5"),
        ({"machine": "riscv64"}, r"is for Linux riscv64, and this is Linux \w+; make one on such a machine"),
        ({"glibc": [9, 1]}, r"wants glibc 9\.1, and this machine has 2\.\d+; make the bundle on a system"),
        ({"processor": ["avx9"]}, r"is for processors with avx9, which this one lacks; install from source"),
    ],
)
def test_a_bundle_for_another_machine_is_refused_with_the_reason(
    archive: Path, tmp_path: Path, refusal: Refusal, change: dict[str, object], told: str
) -> None:
    assert re.search(told, refusal(rewritten(archive, tmp_path / "other.zip", **change)))


def test_a_folder_in_use_by_something_else_is_left_alone(
    archive: Path, tmp_path: Path, refusal: Refusal
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    assert "is in use by something else" in refusal(archive, tmp_path / "mine")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_too_little_room_is_said_before_anything_is_read(
    archive: Path, tmp_path: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(installer.shutil, "disk_usage", lambda place: usage)
    monkeypatch.setattr(installer, "check_files", lambda *_: pytest.fail("it was read"))
    assert re.search(r"needs 0\.3 GB, and 0\.0 are free; make room", refusal(archive))


def test_it_is_told_how_far_it_is_once_a_second_and_no_oftener() -> None:
    now, told = 0.0, []

    def clock() -> float:
        return now

    progress = Progress(told.append, "putting it there", 200, clock=clock)
    for _ in range(20):
        now += 0.25
        progress.add(10)
    assert told[0] == "putting it there: 0 %"
    assert told[1:] == [f"putting it there: {percent} %" for percent in (20, 40, 60, 80, 100)]


def test_a_command_of_minutes_is_not_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip says nothing while it unpacks, so what it has put there is counted."""
    monkeypatch.setattr(installer, "_SECONDS", 0.02)
    monkeypatch.setattr(installer, "_PULSE_SECONDS", 0.2)
    monkeypatch.setattr(installer, "_LOOK_SECONDS", 0.01)
    place = tmp_path / "lib" / "python3.11" / "site-packages"
    code = (
        "import pathlib, sys, time\n"
        "for name in 'abc':\n"
        "    pathlib.Path(sys.argv[1], name + '-1.dist-info').mkdir(parents=True)\n"
        "    time.sleep(0.15)\n"
        "time.sleep(0.5)\n"
    )
    told: list[str] = []
    far = installer._packages_in(tmp_path, 3)
    installer._run(tmp_path, [sys.executable, "-c", code, str(place)], told.append, "installing", far=far)
    assert told[0] == "installing"
    counted = [line.partition(", ")[0] for line in told if " of 3" in line]
    assert list(dict.fromkeys(counted)) == [f"installing: {count} of 3" for count in (1, 2, 3)]
    # Nothing new: it is said all the same that it is at it.
    assert counted.count("installing: 3 of 3") >= 2


def test_a_command_that_is_given_up_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "_SECONDS", 0.0)
    mark = tmp_path / "mark"
    code = "import pathlib, sys, time; time.sleep(1); pathlib.Path(sys.argv[1]).touch()"

    def told(line: str) -> None:
        if line != "installing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        installer._run(tmp_path, [sys.executable, "-c", code, str(mark)], told, "installing", far=lambda: "1")
    assert not mark.exists()


def test_the_program_stands_alone() -> None:
    import ast

    tree = ast.parse(Path(installer.__file__).read_text(encoding="utf-8"))
    names = {
        (node.module or "").partition(".")[0]
        if isinstance(node, ast.ImportFrom)
        else alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names <= {*sys.stdlib_module_names}


def test_an_old_python_gets_as_far_as_its_refusal() -> None:
    import ast

    ast.parse(Path(installer.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))
