"""What is read from a mail: its text, its thread, and whether it may be answered."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import pytest

from channels.base import Inbound, Outgoing, Receipt
from channels.mail.composing import compose
from channels.mail.html import text_of_html
from channels.mail.reading import MAX_REPLIES_IN_THREAD, Mailbox, read_mail
from channels.mail.text import without_quotes, without_signature
from tests.support.mails import SHOP, bounce_of, mail_of

NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
SEND_ID = UUID("019ad000-0000-7000-8000-000000000001")
LONG_LINES = SMTP.clone(max_line_length=900)  # as those of mail programs, which do not encode message IDs
QUOTE = "> Hello\n> World\n"


def read(mail: EmailMessage, server: str | None = None) -> Inbound:
    read = read_mail(mail.as_bytes(policy=LONG_LINES), Mailbox(SHOP, server), NOW)
    assert isinstance(read, Inbound)
    return read


def reply_to(inbound: Inbound, sender_name: str | None = None) -> EmailMessage:
    message = Outgoing(
        SEND_ID,
        inbound.sender_id,
        "It has left.",
        thread=inbound.thread,
        details=inbound.details,
        sender_name=sender_name,
    )
    return compose(message, SHOP, "Lantern Books", "Message for you", NOW)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            f"Where is it?\n\nOn Mon, Nov 30, 2026 Shop <\nshop@example.com> wrote:\n\n{QUOTE}",
            "Where is it?",
        ),
        (f"Wo ist es?\n\nMit freundlichen Grüßen\nAnn\n\nAm 30.11.2026 um 17:01 schrieb Shop:\n{QUOTE}", "Wo ist es?"),
        (
            f"¿Dónde está?\n\nEl lun, 30 nov 2026, Shop (<s@b>) escribió:\n\n{QUOTE}",
            "¿Dónde está?",
        ),
        (
            "Where?\n\n________________________________\nFrom: S <a@b>\nSent: Monday\nTo: Ann\n\nHello",
            "Where?",
        ),
        ("Ja\n\nVon: Shop <a@b>\nGesendet: Montag\nAn: Ann\nBetreff: x\n\nHallo\n", "Ja"),
        (f"On Mon, Nov 30, 2026 Shop wrote:\n{QUOTE}\nSize 42\n\n> And colour?\nBlue", "Size 42\n\nBlue"),
        ("I need:\n- one\n- two\n\nThanks,\nAnn", "I need:\n- one\n- two"),
        ("Where is it?\n\n-- \nAnn\nManager", "Where is it?"),
        ("ok\n\nSent from my iPhone", "ok"),
        # Nothing that the customer has written gets lost.
        (
            "Hi,\nThanks, I got it but it is broken.\nSend another.",
            "Hi,\nThanks, I got it but it is broken.\nSend another.",
        ),
        ("On Monday I wrote:\nwhere is it? No answer.", "On Monday I wrote:\nwhere is it? No answer."),
        ("Best regards,\nAnn", "Best regards,\nAnn"),
        (QUOTE.strip(), QUOTE.strip()),
    ],
)
def test_quotes_and_signatures_are_removed(text: str, written: str) -> None:
    assert without_signature(without_quotes(text)) == written


def test_html_is_read_as_it_is_shown() -> None:
    html = """<html><head><style>p {}</style></head><body><!-- no --><div>Hi&nbsp;<b>there</b>,<br>where is
        it?</div><p>One</p><p>Two</p><ul><li>a<li>b</ul><div class="gmail_signature">Ann</div>
        <div>On Monday, Shop wrote:<blockquote>old<blockquote>older</blockquote></blockquote></div></body></html>"""
    text = text_of_html(html)
    assert text.splitlines() == [
        "Hi there,", "where is it?", "One", "", "Two", "", "a", "b", "On Monday, Shop wrote:", "> old", "> > older",
    ]  # fmt: skip
    mail = mail_of("", html=html)
    assert read(mail).text == "Order\n\nHi there,\nwhere is it?\nOne\n\nTwo\n\na\nb"


def test_hostile_texts_take_little_time() -> None:
    started_at = time.process_time()
    for text in ("On " + "a " * 10_000, "From: a\n" * 3000, "\n" * 20_000, "> " * 10_000):
        without_signature(without_quotes(text))
    for html in ("<blockquote>" * 20_000 + "x", "<blockquote>a<br>" * 15_000):
        text_of_html(html)
    assert time.process_time() - started_at < 10  # without the limits, more than a minute


def test_replies_belong_to_the_thread_of_their_sender() -> None:
    first = read(mail_of("Where is it?"))
    assert first.text == "Order\n\nWhere is it?"
    answer = reply_to(first)
    assert (answer["Subject"], answer["In-Reply-To"], answer["References"]) == ("Re: Order", *["<1@customer>"] * 2)
    again = read(
        mail_of("And now?", subject="Re: Order", **{"Message-ID": "<2@customer>", "In-Reply-To": answer["Message-ID"]})
    )
    assert (again.thread, again.text) == (first.thread, "And now?")
    # A second mail of the customer refers to the first one.
    assert (
        read(mail_of("Hello?", **{"Message-ID": "<3@customer>", "References": "<1@customer>"})).thread == first.thread
    )
    # Somebody else who answers the same mail does not read or write in the conversation of the first customer.
    stranger = mail_of("Hi", sender="bob@example.com", **{"In-Reply-To": answer["Message-ID"]})
    assert read(stranger).thread != first.thread
    assert read(mail_of("Another question", **{"Message-ID": "<4@customer>"})).thread != first.thread
    # The references of long threads do not grow without limit.
    many = " ".join(f"<{number}@customer>" for number in range(500))
    references = reply_to(read(mail_of("Hi", References=many)))["References"].split()
    assert (references[0], references[-1], len(references)) == ("<0@customer>", "<1@customer>", 51)


def test_answers_of_the_assistant_say_so_and_those_of_people_do_not() -> None:
    inbound = read(mail_of("Hi"))
    automatic, personal = reply_to(inbound), reply_to(inbound, "Anna")
    assert (automatic["Auto-Submitted"], automatic["From"]) == ("auto-replied", f"Lantern Books <{SHOP}>")
    assert (personal["Auto-Submitted"], personal["From"]) == (None, f'"Anna (Lantern Books)" <{SHOP}>')
    new = compose(Outgoing(SEND_ID, "ann@example.com", "News"), SHOP, "", "Message for you", NOW)
    assert (new["Subject"], new["Auto-Submitted"]) == ("Message for you", "auto-generated")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"X-Auto-Response-Suppress": "All"},
        {"List-Id": "<news.example.com>"},
        {"Return-Path": "<>"},
        {"X-Spam-Flag": "YES"},
        {"References": " ".join(f"<{n:032x}.{'a' * 24}-{'b' * 16}@example.com>" for n in range(MAX_REPLIES_IN_THREAD))},
    ],
)
def test_mails_of_programs_are_stored_and_not_answered(headers: dict[str, str]) -> None:
    assert read(mail_of("I am away")).answer
    assert read(mail_of("I am away", **{"Auto-Submitted": "no"})).answer
    assert not read(mail_of("I am away", **headers)).answer


def test_own_mails_and_senders_that_read_nothing() -> None:
    assert read_mail(mail_of("Hi", sender=SHOP).as_bytes(), Mailbox(SHOP), NOW) is None
    assert not read(mail_of("Hi", sender="no-reply@example.com")).answer
    with pytest.raises(ValueError, match="no sender"):
        read_mail(b"Subject: x\n\nHi", Mailbox(SHOP), NOW)


def test_bounce_is_a_receipt_of_the_mail_that_it_is_about() -> None:
    sent = reply_to(read(mail_of("Hi")))
    receipt = read_mail(bounce_of(sent).as_bytes(), Mailbox(SHOP), NOW)
    assert isinstance(receipt, Receipt)
    assert (receipt.status, receipt.send_id, receipt.code) == ("failed", SEND_ID, "5.1.1")
    nameless = bounce_of(sent)
    nameless.replace_header("From", "MAILER-DAEMON")
    assert read_mail(nameless.as_bytes(), Mailbox(SHOP), NOW) == receipt
    assert read_mail(bounce_of(sent, action="delayed").as_bytes(), Mailbox(SHOP), NOW) is None
    assert read_mail(bounce_of(mail_of("not ours")).as_bytes(), Mailbox(SHOP), NOW) is None


@pytest.mark.parametrize(
    ("results", "is_authentic"),
    [
        (["mx.example.net; spf=fail; dkim=none; dmarc=pass (p=reject) header.from=example.com"], True),
        (["mx.example.net; dkim=pass header.d=example.com header.s=a"], True),
        (["mx.example.net; spf=pass smtp.mailfrom=ann@example.com"], True),
        (["mx.example.net; spf=pass smtp.mailfrom=ann@attacker.example"], False),
        (["mx.example.net; dkim=pass header.d=ample.com"], False),
        (["mx.example.net; dmarc=fail header.from=example.com"], False),
        (["mx.example.net; dmarc=none", "mx.example.net; dmarc=pass header.from=example.com"], False),
        (["mx.attacker.example; dmarc=pass header.from=example.com"], False),
        ([], False),
    ],
)
def test_forged_senders_are_other_customers(results: list[str], is_authentic: bool) -> None:
    mail = mail_of("Cancel my order")
    for result in results:
        mail["Authentication-Results"] = result
    inbound = read(mail, "mx.example.net")
    expected = ("ann@example.com", "ann@example.com") if is_authentic else ("unverified:ann@example.com", None)
    assert (inbound.sender_id, inbound.email) == expected
    assert inbound.answer is is_authentic
    assert reply_to(inbound)["To"] == "ann@example.com"


def test_photos_are_kept_and_logos_are_not() -> None:
    mail = mail_of("See the photo", html='<p>See the photo</p><img src="cid:logo">')
    mail.get_payload()[1].add_related(b"logo", "image", "png", cid="<logo>")  # type: ignore[union-attr]
    mail.add_attachment(b"photo", "image", "jpeg", filename="cover.jpg")
    mail.add_attachment(b"%PDF", "application", "pdf", filename="bill.pdf")
    found = [(each.kind, each.name, each.content) for each in read(mail).attachments]
    assert found == [("image", "cover.jpg", b"photo"), ("file", "bill.pdf", None)]


@pytest.mark.parametrize(
    "raw",
    [
        b"From: =?x?q?\xff?= <ann@example.com>\nSubject: =?utf-8?b?/w==?=\nContent-Type: text/plain; charset=x\n\n\xe4",
        b"From: ann@example.com\nMessage-ID: <a\nReferences: <<>> <\nContent-Type: multipart/mixed\n\nHi",
        b"From: ann@example.com\nContent-Transfer-Encoding: base64\nDate: Mon, 30 Nov 99999 10:00:00 +9999\n\n***",
        b"From: Ann\r\n <ann@example.com>\r\nContent-Disposition: ;;;\r\nContent-Type: ;;\r\nDate: x\r\n\r\nHi",
    ],
)
def test_malformed_mails_are_read_as_far_as_possible(raw: bytes) -> None:
    inbound = read_mail(raw, Mailbox(SHOP), NOW)
    assert isinstance(inbound, Inbound)
    assert (inbound.sender_id, inbound.message_id[0]) == ("ann@example.com", "<")
    assert inbound.text in ("\ufffd\n\n\ufffd", "Hi", "")
    assert read_mail(raw, Mailbox(SHOP), NOW) == inbound
