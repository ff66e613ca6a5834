"""What a browser is told about the pages: where scripts and all else may come from, and who may look in."""

_EVERYWHERE = (
    "default-src 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "worker-src 'none'",
)

# Svelte, in which Gradio is written, adds an empty style sheet to the page and fills it by rules.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

OWN_PAGE = "; ".join((*_EVERYWHERE, "script-src 'self'", "style-src 'self'", "img-src 'self'"))
"""For all but Gradio's page. Scripts and styles come from the page's own files alone: whatever an article
holds, none of it is run, and none of it is a style."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope hid"
            " magnetometer microphone midi payment picture-in-picture publickey-credentials-get"
            " screen-wake-lock serial usb xr-spatial-tracking"
        ).split()
    ),
}
"""For every answer of the server: nobody frames it, opens it as their own, or guesses its type; and the pages
want nothing of the machine but the clipboard."""


def chat_policy(nonce: str) -> str:
    """For the page that Gradio draws. Its inline scripts and styles carry the nonce, which is used once.

    Gradio makes functions of its templates and of the page's few lines of script in the browser. Without
    'unsafe-eval' it draws no part of the page: the chat stays empty, with that as the console's message
    (`tests/ui/browser/test_page_policy.py` shows it).
    """
    return "; ".join(
        (
            *_EVERYWHERE,
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            f"style-src 'self' 'nonce-{nonce}' {_EMPTY_STYLE}",
            "img-src 'self' data:",
        )
    )
