"""All settings, in one place: a TOML file in the user directory, then the environment, then flags."""

import difflib
import json
import os
import re
import shutil
from collections.abc import Mapping, MutableMapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import tomlkit
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)
from tomlkit.exceptions import ParseError

from assistant.errors import UnknownModel
from assistant.models.catalogue import Catalogue
from index_store.errors import UsageError
from ingest.errors import AddressUnusable
from ingest.web.web_address import is_web_address, web_address

STARTER = "starter"
"""The name, among the sources, of the library that ships with Footnote."""

_PREFIX = "FOOTNOTE_"
# Tells the settings which file to read: a class of its own for each file takes longer than reading it.
_FILE = "settings_file"
# Of the variables with that prefix, those that are no settings.
_NO_SETTINGS = ("HOME", "TEST_")
_EXAMPLES: dict[str, list[str]] = {
    "sources": [STARTER, "/srv/articles"],
    "allowed_networks": ["10.1.0.0/16"],
    "proxy_addresses": ["10.1.2.3"],
}
_TABLE_EXAMPLE = {"https://news.example/feed": 1}
MOST_HOURS = 8760.0
"""The longest time between two syncs: a year."""
# What begins like the name of a host: a person may leave out the scheme, as browsers let them.
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/|$)", re.IGNORECASE)
_HOST_NAME = re.compile(r"[\w.:%-]+")
# What orders, question and answer take of the context beside the evidence, in tokens.
BESIDE_EVIDENCE = 600


class Settings(BaseSettings):
    """What a user can choose. In the file by name, in the environment as FOOTNOTE_NAME.

    What is secret has no `repr`: it stands in no message either.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

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
        pattern=r"^[A-Za-z0-9-]{1,64}$",
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
            _check_place(place)
        return sources

    @field_validator("every")
    @classmethod
    def _of_places(cls, every: Mapping[str, float]) -> Mapping[str, float]:
        for place, hours in every.items():
            _check_place(place)
            if not 0 <= hours <= MOST_HOURS:
                raise ValueError(f"the hours of {place!r} must be from 0 (only by hand) to {MOST_HOURS:.0f}")
        return every

    @field_validator("allowed_networks")
    @classmethod
    def _ranges(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        for one in ranges:
            try:
                ip_network(one, strict=False)
            except ValueError as error:
                raise ValueError(f"{one!r} is no range of addresses; write it like 10.1.0.0/16") from error
        return ranges

    @field_validator("proxy_addresses")
    @classmethod
    def _proxies(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        for one in ranges:
            try:
                ip_network(one, strict=False)
            except ValueError as error:
                raise ValueError(f"{one!r} is no address; write it like 10.1.2.3 or 10.1.0.0/16") from error
        return ranges

    @field_validator("proxy_header")
    @classmethod
    def _believed_from_somewhere(cls, header: str | None, info: ValidationInfo) -> str | None:
        if header is not None and not info.data.get("proxy_addresses"):
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
        if context is not None and tokens > context - BESIDE_EVIDENCE:
            left = max(0, context - BESIDE_EVIDENCE)
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
        file = cast(InitSettingsSource, init_settings).init_kwargs.pop(_FILE, None)
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file))


def load_settings(file: Path, **flags: Any) -> Settings:
    """The settings in force. Raises UsageError naming the first wrong one and what it may be."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**{_FILE: file, **given})
    except ValidationError as error:
        raise UsageError(_complaint(error.errors()[0], given, file)) from error
    except SettingsError as error:
        raise UsageError(_no_list(error)) from error
    except (ValueError, OSError) as error:
        raise UsageError(f"settings file {file}: not readable ({error}); correct it") from error
    catalogue = Catalogue.load()
    for name, find in (("model", catalogue.writer), ("embedder", catalogue.embedder)):
        try:
            find(getattr(settings, name))
        except UnknownModel as error:
            raise UsageError(f"setting {name}: {error}; correct it in {_place(name, given, file)}") from error
    return settings


def unknown_variables() -> list[str]:
    """A line for each variable of the environment that looks like a setting and is none."""
    found = []
    for variable in sorted(os.environ):
        name = variable.upper().removeprefix(_PREFIX)
        if name == variable.upper() or name.startswith(_NO_SETTINGS) or name.lower() in Settings.model_fields:
            continue
        near = difflib.get_close_matches(name.lower(), Settings.model_fields, n=1)
        advice = f"did you mean {_PREFIX}{near[0].upper()}?" if near else "see the settings in the README"
        found.append(f"the environment variable {variable} is no setting and counts for nothing; {advice}")
    return found


def _is_http(given: str) -> bool:
    try:
        address = urlsplit(given)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:  # a port that is none
        return False


def source_id(place: str) -> str:
    """What the library knows a listed place by."""
    if place == STARTER:
        return STARTER
    if is_web_address(place):
        return web_address(place)
    return Path(place).expanduser().resolve().as_posix()


def source_place(place: str) -> str:
    """A named folder, file or address as `sources` keeps it: a path absolute, an address in one spelling.

    Raises UsageError for a path that is not there, and an address that cannot be one.
    """
    if place == STARTER:
        return place
    if is_web_address(place):
        return web_address(place)
    try:
        path = Path(place).expanduser().resolve()
        there = bool(place.strip()) and path.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"source {place!r}: {error}; check the path") from error
    if not there:
        advice = ", or begin an address with https://" if _HOST.match(place) else ""
        raise UsageError(f"source {place!r}: no such folder or file; check the path{advice}")
    return path.as_posix()


def change_setting(file: Path, name: str, value: Any) -> None:
    """Write one setting into the file; all else stays as it is: comments, line ends, rights, a link to it.

    None takes it out.
    """
    file = file.resolve()
    try:
        text = file.read_bytes().decode() if file.exists() else ""
        document = tomlkit.parse(text)
        _put(document, name, value)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".toml.new")
        try:
            with partial.open("wb") as stream:
                stream.write(tomlkit.dumps(document).encode())
                stream.flush()
                # Else a power cut could leave an empty file in its place.
                os.fsync(stream.fileno())
            if file.exists():
                shutil.copymode(file, partial)
            partial.replace(file)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
    except (ParseError, UnicodeDecodeError) as error:
        raise UsageError(f"settings file {file}: not readable ({error}); correct it") from error
    except OSError as error:
        raise UsageError(
            f"settings file {file}: cannot be written ({error.strerror}); check the folder and its rights"
        ) from error


def _put(document: tomlkit.TOMLDocument, name: str, value: Any) -> None:
    before = document.get(name)
    if value is None:
        document.pop(name, None)
    elif isinstance(value, Mapping) and isinstance(before, MutableMapping):
        for key in before.keys() - value.keys():
            del before[key]
        for key in value:
            if before.get(key) != value[key]:
                before[key] = value[key]
    else:
        document[name] = list(value) if isinstance(value, tuple) else value


def _check_place(place: str) -> None:
    if is_web_address(place):
        try:
            web_address(place)
        except AddressUnusable as error:
            raise ValueError(str(error)) from error
    elif place != STARTER and not place.startswith("~") and not Path(place).is_absolute():
        # Read from another folder it would be another source, and the articles of this one would go.
        raise ValueError(f"{place!r} must begin with / or ~, or be a web address")


def _complaint(error: ErrorDetails, flags: Mapping[str, Any], file: Path) -> str:
    """What is wrong with a setting, and the place where it was set."""
    name = str(error["loc"][0]) if error["loc"] else "settings"
    place = _place(name, flags, file)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(Settings.model_fields)}"
        return f"setting {name!r} is unknown, {advice}; correct it in {file}"
    value = repr(error["input"]) if Settings.model_fields[name].repr else "its value"
    if error["type"] in ("mapping_type", "dict_type"):
        return (
            f"setting {name}: {value} is no table; write [{name}], and below it the hours of each source,"
            f" in {place}"
        )
    if error["type"] == "tuple_type":
        return (
            f"setting {name}: {value} is no list; write {name} = {json.dumps(_EXAMPLES[name][:1])} in {place}"
        )
    why = error["msg"].removeprefix("Value error, ")
    return f"setting {name}: {value} is not usable ({why[:1].lower()}{why[1:]}); correct it in {place}"


def _no_list(error: SettingsError) -> str:
    """What is wrong with a variable that should hold a list or a table."""
    field = re.search(r'field "(\w+)"', str(error))
    name = field[1] if field else "sources"
    variable = _variable(name) or _PREFIX + name.upper()
    example = json.dumps(_EXAMPLES.get(name, _TABLE_EXAMPLE))
    value = os.environ.get(variable, "")
    form = "table" if name == "every" else "list"
    return (
        f"environment variable {variable}: {value!r} is no {form}; write it as JSON: {variable}='{example}'"
    )


def _place(name: str, flags: Mapping[str, Any], file: Path) -> str:
    """Where a setting was set."""
    if name in flags:
        return f"--{name.replace('_', '-')}"
    variable = _variable(name)
    return f"the environment variable {variable}" if variable else str(file)


def _variable(name: str) -> str | None:
    return next((key for key in os.environ if key.upper() == _PREFIX + name.upper()), None)
