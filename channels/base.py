"""What a kind of channel implements, and the values that it exchanges with the rest of ICMP.

A kind only translates between a provider's requests and these values. It stores nothing and knows neither the database
nor Flask. `docs/channels/new-kind.md` explains how to write one.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

from channels.failures import Forged, OutcomeUnknown, SendFailed
from channels.http import Http, HttpResponse

__all__ = [
    "Attachment",
    "Capabilities",
    "Config",
    "Edited",
    "Forged",
    "Http",
    "HttpResponse",
    "Inbound",
    "Kind",
    "OutcomeUnknown",
    "Outgoing",
    "Parsed",
    "Rated",
    "Receipt",
    "Request",
    "Response",
    "Secret",
    "SendFailed",
    "Sent",
]

AttachmentKind = Literal["image", "voice", "video", "file", "location", "sticker", "contact", "unknown"]
ReceiptStatus = Literal["sent", "delivered", "read", "failed"]


@dataclass(frozen=True)
class Request:
    """A request that the provider has sent to the channel's URL."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in any case
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True)
class Config:
    """A channel: what its owner has entered, and the addresses that it uses."""

    channel_id: UUID
    settings: Mapping[str, Any]  # as in `Kind.settings_schema`, with its defaults
    secrets: Mapping[str, str] = field(repr=False)  # those of `Kind.secrets` that are set
    webhook_url: str  # the URL to which the provider sends its requests
    graph_url: str  # GRAPH_API_URL, without a slash at the end
    telegram_url: str  # TELEGRAM_API_URL, without a slash at the end


@dataclass(frozen=True)
class Attachment:
    """Something in a message that is not text."""

    kind: AttachmentKind
    media_type: str | None = None  # such as image/jpeg
    reference: str | None = None  # the provider's ID or URL, for `Kind.download`
    content: bytes | None = field(default=None, repr=False)  # if the provider has sent it with the message
    name: str | None = None  # of a file


@dataclass(frozen=True)
class Inbound:
    """A message of a customer. The same `message_id` is accepted once, however often the provider sends it."""

    message_id: str  # the provider's; unique in the channel
    sender_id: str  # the provider's ID of the customer; unique in the channel
    text: str  # empty if there are only attachments
    sender_name: str | None = None
    language: str | None = None  # such as de or pt-BR
    sent_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    thread: str | None = None  # if the provider has conversations of its own: its ID of this one
    details: Mapping[str, Any] = field(default_factory=dict)  # JSON that is stored, and given to `send` with the reply
    email: str | None = None  # the customer's address or number, if the provider has verified it
    phone: str | None = None
    answer: bool = True  # False: stored, and never answered, such as an automatic reply


@dataclass(frozen=True)
class Receipt:
    """What became of a message that was sent. It names the message by `provider_id` or `send_id`, or all messages that
    were sent to a recipient until `at` by `recipient_id` alone."""

    status: ReceiptStatus
    at: datetime
    provider_id: str | None = None  # as in `Sent`
    send_id: UUID | None = None  # as in `Outgoing`, if the provider returns it
    recipient_id: str | None = None
    code: str | None = None  # the provider's, if it has failed
    error: str | None = None  # a sentence for staff, without text of the customer


@dataclass(frozen=True)
class Edited:
    """A customer has changed a message that was accepted before."""

    message_id: str
    text: str


@dataclass(frozen=True)
class Rated:
    """A customer has rated an answer with a button that `send` added to it."""

    sender_id: str  # as in Inbound
    message_id: UUID  # `Outgoing.rated_message_id`
    rating: Literal["good", "bad"]


@dataclass(frozen=True)
class Response:
    """A response that the provider expects, such as that of a handshake."""

    body: str = ""
    media_type: str = "text/plain"


@dataclass(frozen=True)
class Parsed:
    """What a request contains."""

    messages: tuple[Inbound, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    edits: tuple[Edited, ...] = ()
    ratings: tuple[Rated, ...] = ()
    response: Response | None = None  # None: `{"status": "ok"}`


@dataclass(frozen=True)
class Outgoing:
    """A message, or a part of a long one, to send to a customer."""

    send_id: UUID  # the same in each attempt
    recipient_id: str  # the `sender_id` of the customer
    text: str
    buttons: tuple[str, ...] = ()  # texts that the customer can choose instead of typing them
    rated_message_id: UUID | None = None  # the answer, if the customer can be offered buttons to rate it
    template: Mapping[str, Any] | None = None  # {"name", "language", "parameters"}: a message that the provider knows
    thread: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)  # of the customer's latest message
    sender_name: str | None = None  # of the person who has written it, may be empty; None: the assistant
    last_inbound_at: datetime | None = None  # when the customer last wrote


@dataclass(frozen=True)
class Sent:
    """The provider has accepted a message."""

    provider_id: str | None  # its ID, for receipts


@dataclass(frozen=True)
class Secret:
    """A secret that the owner of a channel enters, or that ICMP generates."""

    name: str
    title: str
    description: str
    generated: bool = False  # a random one of 64 hexadecimal digits is used if the owner enters none
    required: bool = True
    pattern: str | None = None  # a regular expression that the whole value matches


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do."""

    buttons: int = 0  # how many it can show
    images: bool = False  # whether `download` returns the images that customers send
    typing: bool = False  # whether `acknowledge` is called, which shows that a reply is being written
    receipts: bool = False
    window: timedelta | None = None  # how long after the customer's last message free text may be sent; None: always
    max_text: int | None = None  # the length of a message in UTF-16 code units; longer ones are split
    counts_bytes: bool = False  # max_text is the number of bytes in UTF-8
    pushes: bool = True  # False: the customer's device fetches messages, so that `send` is not called
    polls: bool = False  # whether `poll` is called regularly


class Kind(ABC):
    """A kind of channel. One object serves all channels of the kind, so it has no state of its own."""

    name: ClassVar[str]  # in lower case, such as whatsapp
    title: ClassVar[str]  # for people, such as WhatsApp
    settings_schema: ClassVar[Mapping[str, Any]]
    """The JSON Schema of the settings, an object without further properties. Each property has a `title` and a
    `description`: the form for owners is made from it."""
    secrets: ClassVar[tuple[Secret, ...]] = ()
    capabilities: ClassVar[Capabilities] = Capabilities()

    def window(self, settings: Mapping[str, Any], is_person: bool) -> timedelta | None:
        """How long after the customer's last message free text may be sent, by the assistant or by a person; None:
        always."""
        return self.capabilities.window

    @abstractmethod
    def verify(self, request: Request, config: Config) -> None:
        """Raises Forged if the request is not from the provider. Nothing of it has been read before."""

    @abstractmethod
    def parse(self, request: Request, config: Config) -> Parsed:
        """What a verified request contains. Raises ValueError if it cannot be read."""

    @abstractmethod
    def send(self, message: Outgoing, config: Config, http: Http) -> Sent:
        """Send a message within ten seconds. Raises SendFailed or OutcomeUnknown; every other exception counts as
        OutcomeUnknown."""

    def download(self, attachment: Attachment, config: Config, http: Http) -> bytes:
        """The content of an image of a customer. Raises SendFailed."""
        raise NotImplementedError

    def acknowledge(self, message: Inbound, config: Config, http: Http) -> None:
        """Tell the provider that a message was read and is being answered. It may fail, and is not repeated."""
        raise NotImplementedError

    def poll(self, config: Config, state: Mapping[str, Any], http: Http) -> tuple[Parsed, Mapping[str, Any]]:
        """New messages at a provider that sends no requests, and the state (JSON) for the next call; `{}` at first.
        Raises SendFailed. A message may be returned again: it is accepted once."""
        raise NotImplementedError
