"""Keeps libraries from telling their makers: no telemetry, no update check, no download of their own.

Some are silent unless they are told to speak, some speak unless they are told to be silent: ONNX Runtime
since 1.29 and Gradio report each start, and Hugging Face's libraries ask the hub for what lies here already.
What they read is the environment, when they are imported; so this comes first, and it overrides whatever is
set there.
"""

import os
from collections.abc import MutableMapping

SILENT = {
    # ONNX Runtime: reports processes, sessions and models to its maker, under an identifier that it keeps.
    "ORT_DISABLE_TELEMETRY": "1",
    "ORT_TELEMETRY_DISABLED": "1",
    # Gradio: reports each page and start, and asks which release is the latest.
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Hugging Face: the hub is never asked through its libraries, and hears of no use.
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    # What carries large files for it, and reports on how it does.
    "HF_XET_TELEMETRY_ENABLED": "0",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DISABLE_SAFETENSORS_CONVERSION": "1",
    # FastAPI and Starlette: traces, metrics and logs to a collector, where OpenTelemetry is installed.
    "FASTAPI_OTEL_AUTO_CONFIGURE": "false",
    "OTEL_SDK_DISABLED": "true",
    # What libraries of many makers heed.
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
"""The variables that turn it off."""

WITHOUT = (
    # LlamaIndex brings the data of tiktoken and NLTK along; looked for elsewhere, they are downloaded.
    "TIKTOKEN_CACHE_DIR",
    "DATA_GYM_CACHE_DIR",
    "NLTK_DATA",
    # Gradio takes itself to run in a service of its maker, whose scripts its page then loads.
    "SYSTEM",
    "SPACE_ID",
    "SPACE_HOST",
    "SPACE_AUTHOR_NAME",
    "OAUTH_CLIENT_ID",
    "SPACES_ZERO_GPU",
)
"""The variables whose being there would turn it on."""

WITHOUT_FAMILIES = ("GRADIO_", "OTEL_", "HF_XET_TELEMETRY_")
"""Variables that begin so count for nothing: they open tunnels, files and ways to collectors."""

KEPT = ("GRADIO_TEMP_DIR",)
"""Of those, what only names a place on this machine."""


def silence_libraries(environment: MutableMapping[str, str] | None = None) -> None:
    """Turn off whatever a library would send by itself, here and in every process that is started from here.

    Call it before the first of them is imported. Changes this process's environment unless one is given.
    """
    if environment is None:
        environment = os.environ
    for name in list(environment):
        if name in WITHOUT or (name.startswith(WITHOUT_FAMILIES) and name not in KEPT):
            del environment[name]
    environment.update(SILENT)
