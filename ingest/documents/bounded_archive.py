"""A ZIP archive from an untrusted file: its members are read by name into memory, and only within bounds."""

import io
import lzma
import struct
import zipfile
import zlib

from ingest.errors import ArticleUnreadable

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 64 * 2**20
LARGEST_SUM = 1000 * 2**20
# Text packs to a tenth, sheets of blanks to a hundredth; a bomb packs to a thousandth.
_TIGHTEST = 300
_TIGHT_MATTERS = 2**20
# What zipfile raises over damaged archives.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ArithmeticError,
    LookupError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
)


class BoundedArchive:
    """The members of a ZIP archive. Nothing is ever unpacked to a folder: a name leads nowhere.

    Raises ArticleUnreadable for what is no archive, a damaged one, one with a password, or a bomb.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise ArticleUnreadable("it is damaged, or in another format than its ending says") from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise ArticleUnreadable(f"{len(members)} files packed in it are over the limit of {MOST_MEMBERS}")
        if sum(member.file_size for member in members) > LARGEST_SUM:
            raise ArticleUnreadable(f"unpacked it would be over {LARGEST_SUM // 2**20} MB; split it")
        self._members = {member.filename: member for member in members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of the archive."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """One member's bytes. Raises KeyError when there is none of that name."""
        member = self._members[name]
        packed = max(1, member.compress_size)
        if member.flag_bits & 1:
            raise ArticleUnreadable("it is encrypted; save it without a password")
        if member.file_size > LARGEST_MEMBER or (
            member.file_size > _TIGHT_MATTERS and member.file_size / packed > _TIGHTEST
        ):
            raise ArticleUnreadable(
                f"{member.file_size / 2**20:.0f} MB packed in it as {name[-60:]!r} are too much; split it"
            )
        try:
            return self._zip.read(member)
        except _DAMAGE as error:
            raise ArticleUnreadable("a part of it is damaged; open it and save it again") from error
