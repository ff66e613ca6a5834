"""All settings, in one place: a TOML file in the user directory, then the environment, then flags."""

from pathlib import Path
from typing import Any

import tomlkit
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from tomlkit.exceptions import ParseError

from index_store.errors import UsageError

STARTER = "starter"
"""The name, among the sources, of the library that ships with Footnote."""


class Settings(BaseSettings):
    """What a user can choose. In the file by name, in the environment as FOOTNOTE_NAME."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", extra="forbid", frozen=True)

    model: str = Field("qwen2.5-coder-1.5b", description="id of the model that writes (footnote models list)")
    embedder: str = Field(
        "all-MiniLM-L6-v2", description="id of the model that embeds passages and questions"
    )
    sources: tuple[str, ...] = Field(
        (STARTER,), description='folders and files to sync; "starter" is the shipped library'
    )
    qdrant_url: str | None = Field(None, description="a Qdrant server to use instead of the embedded store")
    qdrant_api_key: str | None = Field(None, description="key for that server")
    model_folder: str | None = Field(
        None, description="a folder with model files, looked at before any download"
    )
    hub: str = Field("https://huggingface.co", description="address of the model hub, or of its mirror")
    host: str = Field("127.0.0.1", description="address that the web chat listens on")
    port: int = Field(7860, ge=1, le=65535, description="port that the web chat listens on")
    context_tokens: int = Field(
        4096, ge=1024, le=131072, description="how much the model can read at once, in tokens"
    )
    threads: int | None = Field(
        None, ge=1, description="processor threads for the model; all of them by default"
    )
    evidence_tokens: int = Field(800, ge=100, description="how many tokens of evidence the model is shown")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def load_settings(file: Path, **flags: Any) -> Settings:
    """The settings in force. Raises UsageError naming the first wrong one and what it may be."""

    class FromFile(Settings):
        """The settings with their file."""

        model_config = SettingsConfigDict(toml_file=file)

    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return FromFile(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"setting {name}: {first['input']!r} is not usable ({first['msg'].lower()}); correct it in {file}"
        ) from error
    except (ValueError, OSError) as error:
        raise UsageError(f"settings file {file}: not readable ({error}); correct it") from error


def change_setting(file: Path, name: str, value: Any) -> None:
    """Write one setting into the file; all else in it, comments included, stays as it is."""
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.exists() else tomlkit.document()
    except ParseError as error:
        raise UsageError(f"settings file {file}: not readable ({error}); correct it") from error
    document[name] = list(value) if isinstance(value, tuple) else value
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".toml.new")
    partial.write_text(tomlkit.dumps(document), encoding="utf-8")
    partial.replace(file)
