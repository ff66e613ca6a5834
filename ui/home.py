"""Where Footnote keeps its data: one directory per user, with named places inside."""

import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from platformdirs import user_data_path

from index_store.errors import UsageError


@dataclass(frozen=True, slots=True)
class Home:
    """The user directory and its parts. Nothing is made until it is asked for."""

    root: Path

    @classmethod
    def find(cls) -> "Home":
        """FOOTNOTE_HOME when it is set, else the platform's place for user data."""
        override = os.environ.get("FOOTNOTE_HOME")
        if not override:
            return cls(_usual_root())
        try:
            return cls(Path(override).expanduser())
        except RuntimeError as error:
            raise UsageError(f"FOOTNOTE_HOME {override!r}: {error}; give the path of a folder") from error

    def why_unusable(self) -> str | None:
        """Why no directory can be here; None when there is one or can be. Leaves nothing behind."""
        place = self.root
        while not os.path.exists(place) and place != place.parent:
            place = place.parent
        if not place.is_dir():
            return "it is no folder" if place == self.root else f"{place} is no folder"
        if place == self.root:
            return None
        try:
            os.rmdir(tempfile.mkdtemp(dir=place))
        except OSError as error:
            return f"no folder can be made in {place} ({error.strerror})"
        return None

    @property
    def is_open_to_others(self) -> bool:
        """Whether other people of this machine can look into the directory."""
        try:
            return bool(self.root.stat().st_mode & 0o077)
        except OSError:
            return False

    def keep_private(self) -> None:
        """Keep other people of this machine out: a new directory is made for its user alone.

        So is the usual one that was open to others before. One that stands elsewhere is left as it is.
        """
        with suppress(OSError):
            if not self.root.exists():
                self.root.mkdir(mode=0o700, parents=True)
            elif self.root == _usual_root():
                about = self.root.stat()
                if self.is_open_to_others and about.st_uid == os.geteuid():
                    self.root.chmod(stat.S_IMODE(about.st_mode) & ~0o077)

    @property
    def settings_file(self) -> Path:
        """The one settings file (TOML)."""
        return self.root / "settings.toml"

    @property
    def models(self) -> Path:
        """Weights: GGUF files and embedder folders, verified."""
        return self.root / "models"

    @property
    def encoders(self) -> Path:
        """Embedders in eight bits, made here from those among the models."""
        return self.root / "encoders"

    @property
    def wheels(self) -> Path:
        """Packages compiled for bundles, which takes minutes."""
        return self.root / "wheels"

    @property
    def libraries(self) -> Path:
        """Embedded Qdrant folders, one per library."""
        return self.root / "libraries"

    @property
    def user_library(self) -> Path:
        """The folder of the user's own library, the one that the sources fill."""
        return self.libraries / "library"

    def library(self, articles: Path | None = None) -> Path:
        """The folder of the library over one folder of articles (--library); of the user's own without."""
        if articles is None:
            return self.user_library
        place = articles.expanduser().resolve().as_posix()
        return self.libraries / f"folder-{sha256(place.encode()).hexdigest()[:12]}"

    @property
    def states(self) -> Path:
        """What the model has read of passages, kept so that it need not be read again."""
        return self.root / "states"

    @property
    def uploads(self) -> Path:
        """Articles that were uploaded on the page; a source like any other."""
        return self.root / "uploads"

    @property
    def sync_runs(self) -> Path:
        """The last syncs, one JSON line each."""
        return self.root / "syncs.jsonl"

    @property
    def record(self) -> Path:
        """The record of what was asked and changed, in numbered files."""
        return self.root / "record"

    @property
    def conversations(self) -> Path:
        """The SQLite file with conversations and feedback."""
        return self.root / "conversations.sqlite"

    @property
    def accounts(self) -> Path:
        """Who may log in: names, roles and hashes of passwords."""
        return self.root / "accounts.json"

    @property
    def sessions(self) -> Path:
        """Who is logged in, by the hash of each browser's cookie."""
        return self.root / "sessions.json"

    @property
    def log_ins(self) -> Path:
        """When each account was last logged in to."""
        return self.root / "log_ins.json"

    @property
    def fetch_memory(self) -> Path:
        """What servers said of the pages that were fetched, so that unchanged ones are not sent again."""
        return self.root / "fetched.json"

    @property
    def log_file(self) -> Path:
        """Details behind the one-line errors."""
        return self.root / "footnote.log"

    @property
    def server_file(self) -> Path:
        """How to reach the serving process: address and token; there only while it runs."""
        return self.root / "server.json"


def _usual_root() -> Path:
    return user_data_path("footnote", appauthor=False)
