"""The container file and the compose file keep to least privilege. They are checked here, and not run."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ui.serving.health import LIVES
from ui.settings.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT = DEPLOY.parent
KNOWN = {
    "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "STOPSIGNAL", "USER",
    "VOLUME", "WORKDIR",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """The container file's instructions with their words, lines that go on joined."""
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    joined = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip()]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    begins = max(place for place, (name, _) in enumerate(found) if name == "FROM")
    return found[begins:]


def of(name: str, found: list[tuple[str, str]]) -> list[str]:
    return [rest for one, rest in found if one == name]


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return document


SERVICES = tuple(compose()["services"])


def linted(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which(words[0])
    if program is None:
        pytest.skip(f"no {words[0]} on this machine")
    return subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.whole
def test_hadolint_has_nothing_to_say_of_the_container_file() -> None:
    done = linted("hadolint", "--no-color", str(DEPLOY / "Containerfile"))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.whole
def test_the_compose_file_is_one_by_the_specification() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    done = linted("check-jsonschema", *schema, str(DEPLOY / "compose.yaml"))
    assert done.returncode == 0, done.stdout


def test_every_instruction_is_a_known_one() -> None:
    assert {name for name, _ in instructions()} <= KNOWN


def test_the_base_image_names_a_version() -> None:
    (base,) = (rest for rest in of("ARG", instructions()) if rest.startswith("PYTHON="))
    assert re.search(r":3\.\d+[\w.-]+$", base)
    assert all(rest.split()[0] == "${PYTHON}" for rest in of("FROM", instructions()))


def test_it_runs_as_nobody_special_and_what_follows_does_too() -> None:
    stage = last_stage()
    names = [name for name, _ in stage]
    assert of("USER", stage) == ["10001:10001"]
    behind = names[names.index("USER") :]
    assert "RUN" not in behind
    assert {"ENTRYPOINT", "CMD"} <= set(behind)


def test_compilers_stay_in_the_first_stage() -> None:
    assert "g++" in " ".join(of("RUN", instructions()))
    assert "g++" not in " ".join(of("RUN", last_stage()))
    assert of("COPY", last_stage()) == ["--from=build /opt/footnote /opt/footnote"]


def test_packages_are_installed_without_what_they_merely_recommend_and_lists_are_removed() -> None:
    for run in of("RUN", instructions()):
        if "apt-get install" in run:
            assert "--no-install-recommends" in run
            assert "rm -rf /var/lib/apt/lists/*" in run
        if "pip install" in run:
            assert "-c constraints.txt" in run
            assert "--no-cache-dir" in run


def test_nothing_of_the_folder_is_copied_but_what_is_named_and_there() -> None:
    for copied in of("COPY", instructions()):
        words = [word for word in copied.split() if not word.startswith("--")]
        if "--from=" in copied:
            continue
        assert "." not in words[:-1]
        assert all((ROOT / word).exists() for word in words[:-1]), copied


def test_no_secret_stands_in_it() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").lower()
    assert not re.search(r"password|token|api_key|secret", text)


def test_the_weights_are_built_for_processors_of_the_last_ten_years() -> None:
    (flags,) = (rest for rest in of("ARG", instructions()) if rest.startswith("CMAKE_ARGS="))
    assert "-DGGML_NATIVE=OFF" in flags
    assert "AVX512" not in flags


def test_its_health_is_asked_at_the_address_that_exists() -> None:
    (check,) = of("HEALTHCHECK", last_stage())
    command = json.loads(check[check.index("[") :])
    assert command[0] == "python"
    assert f"http://127.0.0.1:7860{LIVES}'" in command[-1]
    compile(command[-1], "healthcheck", "exec")


@pytest.mark.parametrize("name", ["ENTRYPOINT", "CMD", "VOLUME"])
def test_commands_are_lists_and_need_no_shell(name: str) -> None:
    (rest,) = of(name, last_stage())
    assert all(isinstance(word, str) for word in json.loads(rest))


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_has_the_least_that_it_needs(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not str(service["user"]).startswith(("0", "root"))
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert all("noexec" in mount and "size=" in mount for mount in service["tmpfs"])
    for forbidden in ("privileged", "network_mode", "pid", "ipc", "devices", "userns_mode"):
        assert forbidden not in service
    assert not any("docker.sock" in volume for volume in service["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_each_image_names_its_version(name: str) -> None:
    _, _, tag = compose()["services"][name]["image"].rpartition(":")
    assert re.match(r"v?\d+\.\d+", tag)


def test_ports_are_published_on_this_machine_alone_and_none_of_the_store() -> None:
    services = compose()["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["footnote"]["ports"])
    assert "ports" not in services["qdrant"]


def test_the_store_is_reached_by_footnote_alone_and_reaches_nothing() -> None:
    document = compose()
    assert document["services"]["qdrant"]["networks"] == ["store"]
    assert document["networks"]["store"]["internal"] is True
    assert "store" in document["services"]["footnote"]["networks"]


def test_the_stores_key_is_given_from_outside_and_to_both() -> None:
    services = compose()["services"]
    ours = services["footnote"]["environment"]["FOOTNOTE_QDRANT_API_KEY"]
    assert ours == services["qdrant"]["environment"]["QDRANT__SERVICE__API_KEY"]
    assert ours.startswith("${FOOTNOTE_QDRANT_API_KEY:?")


def test_telemetry_is_off() -> None:
    assert compose()["services"]["qdrant"]["environment"]["QDRANT__TELEMETRY_DISABLED"] == "true"


def test_each_variable_of_footnotes_is_a_setting() -> None:
    variables = compose()["services"]["footnote"]["environment"]
    assert {name.removeprefix("FOOTNOTE_").lower() for name in variables} <= set(Settings.model_fields)


def test_every_volume_is_declared_and_every_health_known() -> None:
    document = compose()
    for name, service in document["services"].items():
        for volume in service["volumes"]:
            assert volume.split(":")[0] in document["volumes"]
        assert "healthcheck" in service or name == "footnote"  # whose image has its own
    assert document["services"]["footnote"]["depends_on"]["qdrant"] == {"condition": "service_healthy"}


def test_each_has_the_time_to_end_in_order() -> None:
    for service in compose()["services"].values():
        assert int(service["stop_grace_period"].removesuffix("s")) > 10
