"""What WhatsApp, Messenger and Instagram have in common: the webhooks of Meta, and its Graph API."""

import hashlib
import hmac
from uuid import UUID

from channels.base import Config, Forged, Parsed, Request, Response, Secret, SendFailed
from channels.http import Http, HttpResponse
from channels.payloads import JsonObject, child, text_in

WINDOW_CLOSED, RATE_LIMITED, UNAUTHORIZED = "window_closed", "rate_limited", "unauthorized"
_MAX_DESCRIPTION = 400  # characters

# https://developers.facebook.com/docs/graph-api/guides/error-handling, and the lists of WhatsApp and Messenger.
_WINDOW_CLOSED = ((131047, None), (10, 2018278), (10, 2534022), (100, 2534022))  # codes with subcodes
_UNAVAILABLE = ((200, 1545041), (551, None))  # the customer has blocked the account, or left
_RATE_LIMITS = {  # with the seconds until the next attempt
    4: 60.0,  # calls of the app
    17: 60.0,  # calls of the user
    32: 60.0,  # calls of the page
    613: 60.0,
    80006: 60.0,  # Messenger
    80007: 60.0,  # the WhatsApp Business account
    130429: 5.0,  # messages of the phone number per second
    131048: 1800.0,  # customers have reported messages as spam
    131056: 10.0,  # messages to the same customer: one in six seconds
}
_OUTAGES = (1, 2, 131000, 131016, 131057, 133004)
_TOKEN_ERRORS = (0, 3, 10, 102, 190, 131005, *range(200, 300))

SECRETS = (
    Secret(
        "access_token",
        "Access token",
        "Sends your messages. Create one that does not expire, with a system user of your business portfolio.",
        pattern="[!-~]+",
    ),
    Secret("app_secret", "App secret", "Proves that requests come from Meta. In the app's settings, under Basic."),
    Secret(
        "verify_token",
        "Verify token",
        "Enter it in the app's webhook settings, together with the channel's URL.",
        generated=True,
    ),
)


def verify(request: Request, config: Config) -> None:
    """Raises Forged unless the request was signed with the app secret, or is a handshake with the verify token."""
    if request.method == "GET":
        is_handshake = request.query.get("hub.mode") == "subscribe"
        if not is_handshake or not _is_equal(request.query.get("hub.verify_token"), config.secrets.get("verify_token")):
            raise Forged("The verify token is wrong.")
        return
    secret = config.secrets.get("app_secret")
    if not secret:
        raise Forged("The channel has no app secret.")
    expected = "sha256=" + hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    if not _is_equal(request.headers.get("X-Hub-Signature-256"), expected):
        raise Forged("The signature is wrong. Compare the app secret with the one in the app's settings.")


def handshake(request: Request) -> Parsed:
    """The response by which Meta knows that the URL is the right one."""
    return Parsed(response=Response(request.query.get("hub.challenge", "")))


def _is_equal(given: str | None, expected: str | None) -> bool:
    return bool(given and expected) and hmac.compare_digest(str(given).encode(), str(expected).encode())


def post(path: str, body: JsonObject, config: Config, http: Http) -> JsonObject:
    """The response to a request that sends something. Raises SendFailed and OutcomeUnknown."""
    response = http.send("POST", f"{config.graph_url}/{path}", headers=_authorization(config), json_body=body)
    return _result(response)


def download(url: str, config: Config, http: Http) -> bytes:
    """A file or an object of the Graph API, which needs the access token. Raises SendFailed."""
    return http.download(url, _authorization(config))


def send_id(text: str) -> UUID | None:
    """The ID of a send that Meta returns as it was given; None if it is of another program."""
    try:
        return UUID(text)
    except ValueError:
        return None


def code_of(error: JsonObject) -> str:
    """`window_closed`, `rate_limited` or `unauthorized`, or the code of Meta."""
    code = error.get("code")
    if not isinstance(code, int | str):  # Meta sends whole numbers
        return "unknown"
    if _is_in(error, _WINDOW_CLOSED):
        return WINDOW_CLOSED
    if code in _RATE_LIMITS:
        return RATE_LIMITED
    if code in _TOKEN_ERRORS and not _is_in(error, _UNAVAILABLE):
        return UNAUTHORIZED
    return str(code)


def describe(error: JsonObject) -> str:
    """An error of Meta in its own words, which contain nothing of the message."""
    message = text_in(error, "message") or text_in(error, "title") or "Meta has given no reason."
    details = text_in(child(error, "error_data"), "details")
    code = text_in(error, "code")
    prefix = f"(#{code}) " if code and f"#{code}" not in message else ""
    return f"{prefix}{message}{f' {details}' if details and details != message else ''}"[:_MAX_DESCRIPTION]


def _authorization(config: Config) -> dict[str, str]:
    return {"authorization": f"Bearer {config.secrets.get('access_token', '')}"}


def _result(response: HttpResponse) -> JsonObject:
    value = response.json
    result: JsonObject = value if isinstance(value, dict) else {}
    error = child(result, "error")
    if not error:
        response.raise_for_status(f"Meta answered with status {response.status}.")
        return result
    code, meta_code = code_of(error), error.get("code")
    # With a new token, the message can be sent, so a wrong one is not permanent.
    is_temporary = code in (RATE_LIMITED, UNAUTHORIZED) or meta_code in _OUTAGES or response.status >= 500
    delay = _RATE_LIMITS.get(meta_code) if isinstance(meta_code, int) else None
    raise SendFailed(describe(error), code=code, permanent=not is_temporary, retry_after=delay)


def _is_in(error: JsonObject, codes: tuple[tuple[int, int | None], ...]) -> bool:
    code, subcode = error.get("code"), error.get("error_subcode")
    return any(code == known and each in (None, subcode) for known, each in codes)
