"""llama.cpp compiled for other machines than this one: which of a processor's instructions it may use.

`make install` compiles it for the very processor it stands on; such a build ends with "illegal instruction"
on an older one. A bundle's build uses what x86-64 processors of the last ten years have (the level x86-64-v3:
AVX2, FMA, F16C, BMI2; Intel since 2013, AMD since 2015), without which prefill would be several times slower,
and nothing newer, such as AVX-512, AVX-VNNI or AMX. Left out are small processors of that time that were sold
without AVX2 (Atom, Celeron, Pentium): the installer tells them so.

It also brings along what a bare system may lack: no OpenMP, and the C++ library inside.
"""

import hashlib
import re
import shlex
import zipfile
from collections.abc import Sequence
from pathlib import Path

PROCESSOR = ("avx2", "bmi2", "f16c", "fma")
"""What the machine must have, in the words of /proc/cpuinfo."""

FLAGS = (
    "-DGGML_NATIVE=OFF",
    "-DGGML_SSE42=ON",
    "-DGGML_AVX=ON",
    "-DGGML_AVX2=ON",
    "-DGGML_BMI2=ON",
    "-DGGML_FMA=ON",
    "-DGGML_F16C=ON",
    "-DGGML_AVX_VNNI=OFF",
    "-DGGML_AVX512=OFF",
    "-DGGML_OPENMP=OFF",
    "-DLLAVA_BUILD=OFF",
    "-DCMAKE_SHARED_LINKER_FLAGS=-static-libstdc++ -static-libgcc",
)
"""What cmake is told."""

ALONE = Path(__file__).with_name("engine_alone.cmake")
"""Leaves out half of the work; see there."""

_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")
_MANYLINUX = re.compile(r"manylinux_(\d+)_(\d+)_")
_OLD_MANYLINUX = {"manylinux1_": (2, 5), "manylinux2010_": (2, 12), "manylinux2014_": (2, 17)}


def cmake_words() -> str:
    """All that cmake is told, as CMAKE_ARGS takes it: words as a shell would write them."""
    return shlex.join((*FLAGS, f"-DCMAKE_PROJECT_llama_cpp_INCLUDE={ALONE}"))


def fingerprint() -> str:
    """Of how it is compiled, wherever the checkout lies: another way of compiling has another one."""
    return hashlib.sha256("\n".join((*FLAGS, ALONE.read_text(encoding="utf-8"))).encode()).hexdigest()[:12]


def glibc_wanted(wheels: Sequence[Path]) -> tuple[int, int]:
    """The oldest glibc that all wheels run on: as their names say, else as their libraries ask for."""
    return max((_glibc_of(wheel) for wheel in wheels), default=(0, 0))


def _glibc_of(wheel: Path) -> tuple[int, int]:
    name = wheel.name
    if name.endswith("-any.whl"):
        return (0, 0)
    promised = [(int(one), int(two)) for one, two in _MANYLINUX.findall(name)]
    promised += [version for tag, version in _OLD_MANYLINUX.items() if tag in name]
    if promised:
        return min(promised)
    with zipfile.ZipFile(wheel) as packed:
        libraries = [member for member in packed.namelist() if ".so" in Path(member).name]
        asked = [found for member in libraries for found in _GLIBC.findall(packed.read(member))]
    return max(((int(one), int(two)) for one, two in asked), default=(0, 0))
