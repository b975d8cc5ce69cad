"""Many messages through channels of every kind: with duplicates, in another order, and with errors of the provider.

`ADAPTERS` has one for each kind. An adapter translates between numbers of customers and the fake provider.
"""

import itertools
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import uuid4

import httpx2
from standardwebhooks import Webhook

from tests.support import fake_graph, fake_mail, fake_telegram
from tests.support.fake_graph import FakeGraph
from tests.support.fake_mail import FakeMail
from tests.support.fake_provider import Accepted, Answer, Call, Delivery, FakeProvider
from tests.support.fake_telegram import FakeTelegram
from tests.support.meta_channels import SETTINGS

Request = Callable[[int, int, str], Delivery]  # of the number of the message and of the customer, and the text


class FakeChat(FakeProvider):
    """A system that is connected as a generic channel."""

    secret = "00" * 32

    def answer(self, call: Call) -> Answer:
        message: dict[str, Any] = Webhook(self.secret).verify(call.body, dict(call.headers))
        if failure := self.next_failure():
            return failure
        receipt = {"send_id": message["send_id"], "status": "delivered"}
        self.deliveries.append(self.signed({"receipts": [receipt]}))
        accepted = Accepted(message["send_id"], message["recipient_id"], message["text"], message)
        return self.accept(accepted, Answer(200, {"id": message["send_id"]}))

    def random_failure(self) -> Answer:
        return self.random.choice([Answer(503), Answer(429, {}, {"Retry-After": "1"})])

    def signed(self, body: dict[str, Any]) -> Delivery:
        raw, now, request_id = json.dumps(body), datetime.now(UTC), str(uuid4())
        headers = {
            "content-type": "application/json",
            "webhook-id": request_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(request_id, now, raw),
        }
        return Delivery(raw.encode(), headers)

    def message(self, number: int, customer: int, text: str) -> Delivery:
        sender = str(customer_id(customer))
        return self.signed({"messages": [{"message_id": f"m-{number}", "sender_id": sender, "text": text}]})


@dataclass
class Adapter:
    """A channel of a kind at its fake provider."""

    kind: str
    provider: FakeProvider | FakeMail
    request: Request
    settings: dict[str, Any]
    secrets: dict[str, str]
    path: str = ""  # of the channel's URL
    sent: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # the texts of each customer

    def received(self, customer: int) -> list[str]:
        """What a customer has received, in order."""
        return self.provider.to(str(customer_id(customer)))


@dataclass
class Providers:
    """The fake providers of all kinds. Context manager. Messenger and Instagram have one of their own each."""

    chat: FakeChat = field(default_factory=FakeChat)
    graph: FakeGraph = field(default_factory=FakeGraph)
    telegram: FakeTelegram = field(default_factory=FakeTelegram)
    mail: FakeMail = field(default_factory=FakeMail)

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        for provider in (self.chat, self.graph, self.telegram, self.mail):
            self._stack.enter_context(provider)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the server."""
        return {
            "API_CALL_ALLOWED_HOSTS": "127.0.0.1",
            "GRAPH_API_URL": self.graph.graph_url,
            "TELEGRAM_API_URL": self.telegram.url,
        }

    def adapters(self) -> dict[str, Adapter]:
        """A new channel of each kind. Those of Meta share a provider, so their customers have different numbers."""
        return {
            "generic": Adapter(
                "generic",
                self.chat,
                self.chat.message,
                {"url": f"{self.chat.url}/"},
                {"signing_secret": self.chat.secret},
            ),
            "whatsapp": Adapter("whatsapp", self.graph, _whatsapp, SETTINGS["whatsapp"], fake_graph.SECRETS),
            "messenger": Adapter("messenger", self.graph, _messenger, SETTINGS["messenger"], fake_graph.SECRETS),
            "instagram": Adapter("instagram", self.graph, self._instagram, SETTINGS["instagram"], fake_graph.SECRETS),
            "telegram": Adapter("telegram", self.telegram, _telegram, {}, fake_telegram.SECRETS),
            "email": Adapter("email", self.mail, _email, self.mail.settings, fake_mail.SECRETS),
        }

    def _instagram(self, number: int, customer: int, text: str) -> Delivery:
        user_id = str(customer_id(customer))
        self.graph.instagram_users.add(user_id)
        event = {"message": {"mid": f"m_in-{number}", "text": text}}
        return fake_graph.signed(fake_graph.page_event(user_id, event, is_instagram=True))


def customer_id(customer: int) -> int:
    """The provider's ID of a customer."""
    return 49_170_000_000 + customer


def _whatsapp(number: int, customer: int, text: str) -> Delivery:
    return fake_graph.signed(fake_graph.whatsapp_text(f"wamid.in-{number}", str(customer_id(customer)), text))


def _messenger(number: int, customer: int, text: str) -> Delivery:
    event = {"message": {"mid": f"m_in-{number}", "text": text}}
    return fake_graph.signed(fake_graph.page_event(str(customer_id(customer)), event))


def _telegram(number: int, customer: int, text: str) -> Delivery:
    return fake_telegram.signed(fake_telegram.telegram_message(number, customer_id(customer), {"text": text}))


def _email(number: int, customer: int, text: str) -> Delivery:
    return fake_mail.incoming(f"m-{number}", str(customer_id(customer)), text)


class Load:
    """Sends the messages of all customers, each at least once, until the channel has accepted it."""

    def __init__(self, adapters: list[Adapter], customers: int, messages: int, seed: int = 1) -> None:
        """`customers` and `messages` are those of each adapter: each customer writes `messages / customers` times."""
        self._random = random.Random(seed)
        self._messages: list[tuple[Adapter, int, int, str]] = []
        numbers = itertools.count(1)
        for turn, number in itertools.product(range(messages // customers), range(customers)):
            for place, adapter in enumerate(adapters):  # so that the kill is in the middle for each kind
                customer = place * 10_000 + number
                text = f"Question {customer}-{turn}"
                adapter.sent[customer].append(text)
                # A provider that has got no response in time sends the request again.
                message = (adapter, next(numbers), customer, text)
                self._messages += [message] * self._random.choice([1, 1, 2, 3])
        self._shuffle()
        self.count = next(numbers) - 1
        self.accepted = 0

    def run(self, http: httpx2.Client, seconds: float) -> None:
        """Send everything, with eight requests at the same time."""
        deadline = time.monotonic() + seconds
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda each: self._send_message(http, *each, deadline), self._messages))

    def send_receipts(self, http: httpx2.Client, adapters: list[Adapter], seconds: float = 60) -> None:
        """Send the receipts that providers have for channels."""
        for adapter in adapters:
            while adapter.provider.deliveries:
                delivery = adapter.provider.deliveries.popleft()
                for each in _channels_of(adapter, adapters):
                    self._send(http, each, delivery, time.monotonic() + seconds, only_try=True)

    def _send_message(
        self, http: httpx2.Client, adapter: Adapter, number: int, customer: int, text: str, deadline: float
    ) -> None:
        # Signed now: requests with an old timestamp are refused.
        self._send(http, adapter, adapter.request(number, customer, text), deadline)

    def _send(
        self, http: httpx2.Client, adapter: Adapter, delivery: Delivery, deadline: float, *, only_try: bool = False
    ) -> None:
        while True:
            status = None
            with suppress(httpx2.HTTPError):  # the server was killed
                status = http.post(adapter.path, content=delivery.body, headers=delivery.headers).status_code
            if status == 200:
                self.accepted += 1
                return
            assert status in (None, 401, 429, 503) if only_try else status in (None, 429, 503), status
            if only_try and status is not None:
                return
            assert time.monotonic() < deadline, "The channel accepts nothing."
            time.sleep(0.2)

    def _shuffle(self) -> None:
        """Exchange deliveries with others that are near."""
        keyed = [(place + self._random.uniform(0, 20), place) for place in range(len(self._messages))]
        self._messages = [self._messages[place] for _, place in sorted(keyed)]


def _channels_of(adapter: Adapter, adapters: list[Adapter]) -> list[Adapter]:
    """The channels of a provider. Each gets all receipts, and ignores those of other accounts."""
    return [each for each in adapters if each.provider is adapter.provider]


def repeated(texts: list[str]) -> list[str]:
    """The texts that occur more than once."""
    return [text for text, count in Counter(texts).items() if count > 1]
