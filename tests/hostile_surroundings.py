"""An environment that asks every library to tell its maker, and leads each elsewhere that can be led.

What a library reads is found by tests/index_store/test_telemetry_of_libraries.py; whoever finds more adds it
here, and `index_store/quiet_libraries.py` has to silence it.
"""

ELSEWHERE = "192.0.2.9"
"""An address of nobody (RFC 5737): whatever goes by a proxy named here is seen."""

LOUD: dict[str, str] = {
    # ONNX Runtime
    "ORT_DISABLE_TELEMETRY": "0",
    "ORT_TELEMETRY_DISABLED": "0",
    # Gradio
    "GRADIO_ANALYTICS_ENABLED": "True",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1000",
    "GRADIO_SHARE": "True",
    "GRADIO_SHARE_SERVER_ADDRESS": "tunnel.example:7000",
    "GRADIO_SERVER_NAME": "0.0.0.0",
    "GRADIO_ALLOWED_PATHS": "/",
    "GRADIO_VIBE_MODE": "1",
    "GRADIO_MCP_SERVER": "True",
    "GRADIO_SSR_MODE": "True",
    "GRADIO_HISTORY_BUCKET": "somebody/history",
    "SYSTEM": "spaces",
    "SPACE_ID": "somebody/footnote",
    "SPACE_HOST": "somebody-footnote.hf.space",
    "OAUTH_CLIENT_ID": "somebody",
    # Hugging Face: hub, transformers, sentence-transformers, and what carries their files
    "HF_HUB_OFFLINE": "0",
    "HF_HUB_DISABLE_TELEMETRY": "0",
    "HF_HUB_DISABLE_UPDATE_CHECK": "0",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0",
    "HF_DATASETS_OFFLINE": "0",
    "TRANSFORMERS_OFFLINE": "0",
    "DISABLE_SAFETENSORS_CONVERSION": "0",
    "HF_XET_TELEMETRY_ENABLED": "1",
    "HF_XET_TELEMETRY_HEARTBEAT_AFTER": "1",
    # FastAPI, LlamaIndex and Qdrant's client, by OpenTelemetry
    "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    "OTEL_SDK_DISABLED": "false",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318",
    # LlamaIndex: where these lie elsewhere, tiktoken and NLTK fetch what they miss
    "TIKTOKEN_CACHE_DIR": "/nowhere",
    "DATA_GYM_CACHE_DIR": "/nowhere",
    "NLTK_DATA": "/nowhere",
    # what libraries of many makers heed
    "DISABLE_TELEMETRY": "",
    "DO_NOT_TRACK": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "0",
}
"""What Footnote overrides or takes out."""

LEADING_AWAY: dict[str, str] = {
    # Credentials of services that some library would use if it were let.
    "HF_TOKEN": "hf_of_somebody",
    "OPENAI_API_KEY": "sk-of-somebody",
    "LLAMA_CLOUD_API_KEY": "llx-of-somebody",
    "LLAMA_CLOUD_BASE_URL": "https://cloud.example",
    # Uvicorn: more processes, and more that is believed of a request. APScheduler reads nothing.
    "WEB_CONCURRENCY": "4",
    "FORWARDED_ALLOW_IPS": "*",
    # A proxy: to whatever is fetched, it is the way.
    "HTTP_PROXY": f"http://{ELSEWHERE}:3128",
    "HTTPS_PROXY": f"http://{ELSEWHERE}:3128",
    "ALL_PROXY": f"http://{ELSEWHERE}:3128",
    "http_proxy": f"http://{ELSEWHERE}:3128",
    "https_proxy": f"http://{ELSEWHERE}:3128",
    "all_proxy": f"http://{ELSEWHERE}:3128",
    "NO_PROXY": "",
    "no_proxy": "",
}
"""What is left as it is, for where something is meant to be fetched; and nothing may come of it."""
