"""Every setting there is: its name, its default, what it is, and what it may be."""

import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ui.settings.source_places import STARTER, check_place

PREFIX = "FOOTNOTE_"
"""What the name of a setting begins with in the environment."""
# A class of its own for each file takes longer than reading it.
FILE = "settings_file"
"""The argument that tells the settings which file to read."""
MOST_HOURS = 8760.0
"""The longest time between two syncs: a year."""
# What orders, question and answer take of the context beside the evidence, in tokens.
_BESIDE_EVIDENCE = 600
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_HOST_NAME = re.compile(r"[\w.:%-]+")


class Settings(BaseSettings):
    """What a user can choose. In the file by name, in the environment as FOOTNOTE_NAME.

    What is secret has no `repr`: it stands in no message either.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    model: str = Field("qwen2.5-coder-1.5b", description="id of the model that writes (footnote models list)")
    embedder: str = Field(
        "all-MiniLM-L6-v2", description="id of the model that embeds passages and questions"
    )
    reranker: str | None = Field(
        None, description="folder of a cross-encoder that orders what was found once more; none by default"
    )
    sources: tuple[str, ...] = Field(
        (STARTER,),
        description="folders, files and web addresses (pages, documents, feeds, site maps) to sync; "
        '"starter" is the shipped library',
    )
    allowed_networks: tuple[str, ...] = Field(
        (),
        description="ranges of addresses, as 10.1.0.0/16, that may be fetched from beside public ones",
    )
    offline: bool = Field(False, description="fetch nothing: neither sources at web addresses nor models")
    qdrant_url: str | None = Field(None, description="a Qdrant server to use instead of the embedded store")
    qdrant_api_key: str | None = Field(None, repr=False, description="key for that server")
    model_folder: str | None = Field(
        None, description="a folder with model files, looked at before any download"
    )
    hub: str = Field("https://huggingface.co", description="address of the model hub, or of its mirror")
    hub_token: str | None = Field(
        None, repr=False, description="access token for models that the hub keeps behind a login"
    )
    host: str = Field("127.0.0.1", description="address that the web chat listens on")
    port: int = Field(7860, ge=1, le=65535, description="port that the web chat listens on")
    tls_certificate: str | None = Field(
        None, description="file with the certificate (PEM) under which the web chat speaks TLS; needs tls_key"
    )
    tls_key: str | None = Field(
        None, repr=False, description="file with that certificate's key (PEM, no password)"
    )
    proxy_addresses: tuple[str, ...] = Field(
        (),
        description="addresses, or ranges as 10.1.0.0/16, of proxies whose X-Forwarded headers are believed",
    )
    proxy_header: str | None = Field(
        None,
        description="header in which those proxies name the person they have let in, such as X-Remote-User",
    )
    session_idle_minutes: float = Field(
        60.0, gt=0, le=43200, description="minutes without a request after which one has to log in again"
    )
    session_hours: float = Field(
        12.0, gt=0, le=720, description="hours after which one has to log in again in any case"
    )
    questions_per_minute: int = Field(
        20, ge=0, description="questions that one person may ask within a minute; 0: any number"
    )
    questions_at_once: int = Field(
        3, ge=0, description="questions of one person that may be answered at the same time; 0: any number"
    )
    requests_per_minute: int = Field(
        600, ge=0, description="requests of one person within a minute; 0: any number"
    )
    upload_files: int = Field(1000, ge=1, description="how many uploaded files there may be")
    upload_gb: float = Field(4.0, gt=0, description="gigabytes that all uploaded files may have together")
    context_tokens: int = Field(
        4096, ge=1024, le=131072, description="how much the model can read at once, in tokens"
    )
    threads: int | None = Field(
        None, ge=1, le=1024, description="processor threads for the model; all of them by default"
    )
    evidence_tokens: int = Field(800, ge=100, description="how many tokens of evidence the model is shown")
    reading: Literal["kept", "anew"] = Field(
        "kept",
        description='how passages come before the model: "kept", from what was read of them once, or "anew" '
        "for each question, which is slower and sets apart better what is said of which",
    )
    states_gb: float = Field(
        4.0,
        ge=0,
        allow_inf_nan=False,
        description="gigabytes of disk for what was read of passages; 0 keeps nothing",
    )
    sync_every_hours: float = Field(
        6.0,
        ge=0,
        le=MOST_HOURS,
        description="hours between two syncs while serving; 0: none by itself",
    )
    every: Mapping[str, float] = Field(
        {},
        description="hours between two syncs of single sources, a table: "
        '"https://news.example/feed" = 1; the others keep to sync_every_hours',
    )
    watch: bool = Field(
        True,
        description="while serving, sync a folder within a minute of a change in it, unless it is synced "
        "only when asked",
    )
    record: bool = Field(
        True,
        description="record who asked what, what was answered from which passages, and each change of the "
        "library; on, since what was not recorded cannot be shown later, and since it stays in the data "
        "directory, readable by this user alone",
    )
    record_content: Literal["full", "none"] = Field(
        "full",
        description='"none" records questions and answers as their length and SHA-256 alone; words recorded '
        "in full stay when their conversation is deleted",
    )
    record_mb: float = Field(
        10.0,
        gt=0,
        le=100,
        description="megabytes of one file of the record; ten files are kept, then the oldest goes",
    )
    warming: bool = Field(
        True, description="read passages ahead while nobody asks, so that answers begin sooner"
    )

    @field_validator("sources")
    @classmethod
    def _same_from_anywhere(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        for place in sources:
            check_place(place)
        return sources

    @field_validator("every")
    @classmethod
    def _of_places(cls, every: Mapping[str, float]) -> Mapping[str, float]:
        for place, hours in every.items():
            check_place(place)
            if not 0 <= hours <= MOST_HOURS:
                raise ValueError(f"the hours of {place!r} must be from 0 (only by hand) to {MOST_HOURS:.0f}")
        return every

    @field_validator("allowed_networks")
    @classmethod
    def _ranges(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        for one in ranges:
            _check_range(one, "is no range of addresses; write it like 10.1.0.0/16")
        return ranges

    @field_validator("proxy_addresses")
    @classmethod
    def _proxies(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        for one in ranges:
            _check_range(one, "is no address; write it like 10.1.2.3 or 10.1.0.0/16")
        return ranges

    @field_validator("proxy_header")
    @classmethod
    def _believed_from_somewhere(cls, header: str | None, info: ValidationInfo) -> str | None:
        if header is not None and not _HEADER.fullmatch(header):
            raise ValueError("it must be the name of a header: letters, digits and hyphens, at most 64")
        if header is not None and info.data.get("proxy_addresses") == ():
            raise ValueError("it is believed from the addresses in proxy_addresses alone; set those too")
        return header

    @field_validator("hub", "qdrant_url")
    @classmethod
    def _an_address(cls, given: str | None) -> str | None:
        if given is not None and not _is_http(given):
            raise ValueError("it must be an address that begins with http:// or https://")
        return given

    @field_validator("host")
    @classmethod
    def _a_host(cls, host: str) -> str:
        # An empty one would mean every address of this machine.
        if not _HOST_NAME.fullmatch(host):
            raise ValueError("it must be the address or the name of a host alone, such as 127.0.0.1")
        return host

    @field_validator(
        "port",
        "context_tokens",
        "threads",
        "evidence_tokens",
        "states_gb",
        "sync_every_hours",
        "record_mb",
        "session_idle_minutes",
        "session_hours",
        "questions_per_minute",
        "questions_at_once",
        "requests_per_minute",
        "upload_files",
        "upload_gb",
        mode="before",
    )
    @classmethod
    def _a_number(cls, value: object) -> object:
        if isinstance(value, bool):
            raise ValueError("it must be a number")
        return value

    @field_validator("evidence_tokens")
    @classmethod
    def _beside_the_rest(cls, tokens: int, info: ValidationInfo) -> int:
        context = info.data.get("context_tokens")
        if context is not None and tokens > context - _BESIDE_EVIDENCE:
            left = max(0, context - _BESIDE_EVIDENCE)
            raise ValueError(f"context_tokens = {context} leaves {left} for it; lower it, or raise that")
        return tokens

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
        file = cast(InitSettingsSource, init_settings).init_kwargs.pop(FILE, None)
        return (
            init_settings,
            _Environment(settings_cls),
            TomlConfigSettingsSource(settings_cls, toml_file=file),
        )


class _Environment(EnvSettingsSource):
    """The environment. A list that is none is told of beside all else that is wrong, and not before it."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A list or a table from its JSON; what is no JSON stays as it is."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def _check_range(one: str, otherwise: str) -> None:
    try:
        ip_network(one, strict=False)
    except ValueError as error:
        raise ValueError(f"{one!r} {otherwise}") from error


def _is_http(given: str) -> bool:
    try:
        address = urlsplit(given)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:  # a port that is none
        return False
