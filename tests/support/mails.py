"""Mails for tests."""

from email.message import EmailMessage

SHOP = "shop@example.com"


def mail_of(
    text: str, *, sender: str = "Ann Smith <ann@example.com>", subject: str = "Order", html: str = "", **headers: str
) -> EmailMessage:
    """A mail to the shop. With `html` it also has that version, or only that one if there is no text."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SHOP, subject
    mail["Date"] = "Mon, 30 Nov 2026 16:59:00 +0000"
    mail["Message-ID"] = headers.pop("Message-ID", "<1@customer>")
    for name, value in headers.items():
        mail[name] = value
    if html and not text:
        mail.set_content(html, subtype="html")
        return mail
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def bounce_of(sent: EmailMessage, action: str = "failed") -> EmailMessage:
    """The report of a server that cannot deliver a mail (RFC 3464)."""
    status = EmailMessage()
    status["Final-Recipient"] = f"rfc822; {sent['To']}"
    status["Action"], status["Status"] = action, "5.1.1" if action == "failed" else "4.4.1"
    report = EmailMessage()
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@mx.example.net", sent["From"], "Undelivered"
    report["Message-ID"], report["Return-Path"] = "<bounce@mx.example.net>", "<>"
    report.set_content("Your mail could not be delivered.")
    report.make_mixed()
    part = EmailMessage()
    part.add_header("Content-Type", "message/delivery-status")
    part.set_payload([EmailMessage(), status])
    report.attach(part)
    original = EmailMessage()
    original.add_header("Content-Type", "text/rfc822-headers")
    original.set_payload("".join(f"{name}: {value}\n" for name, value in sent.items()))
    report.attach(original)
    report.set_type("multipart/report")
    return report
