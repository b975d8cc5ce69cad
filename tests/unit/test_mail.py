"""The client that sends mail, with a real SMTP server, and the texts of the mails."""

import ssl
from pathlib import Path
from urllib.parse import quote

import pytest

from background.mails import LANGUAGES, render
from config import Config, ConfigError
from core.mail import MailFailed, mail_server
from tests.conftest import MASTER_KEY
from tests.support.certificates import self_signed
from tests.support.mail_server import PASSWORD, USER, MailServer, text_of

FOLDER = Path(__file__).parents[2] / "templates" / "mails"


def send(port: int, *, scheme: str = "smtp", login: str = "", recipient: str = "ann@example.com") -> None:
    url = f"{scheme}://{login}localhost:{port}"
    server = mail_server(url, "Shop of Zoë <shop@example.com>", "https://icmp.example.com")
    assert server is not None
    server.send(recipient, "Größe", "¡Hola!\n")


def test_mail_arrives_as_sent() -> None:
    with MailServer() as server:
        send(server.port)
        mail = server.wait_for("ann@example.com")
    assert (mail["Subject"], mail["From"], text_of(mail)) == ("Größe", "Shop of Zoë <shop@example.com>", "¡Hola!\n")
    assert mail["Date"] and mail["Message-ID"].endswith("@example.com>")


def test_login_is_encrypted_and_the_certificate_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = self_signed(tmp_path, "localhost")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    login = f"{USER}:{quote(PASSWORD, safe='')}@"
    with MailServer(tls) as server:
        with pytest.raises(MailFailed, match="SSLCertVerificationError"):
            send(server.port, login=login)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(server.port, login=login)
        with pytest.raises(MailFailed, match="SMTPAuthenticationError 535"):
            send(server.port, login=f"{USER}:wrong@")
        assert len(server.mails) == 1


def test_failures_tell_whether_another_attempt_may_help() -> None:
    with MailServer() as server:
        server.refusals += ["451 Try again", "554 No"]
        for _ in range(2):
            with pytest.raises(MailFailed) as failed:
                send(server.port)
            assert not failed.value.is_permanent
    with pytest.raises(MailFailed) as failed:
        send(server.port)  # it has ended
    assert (str(failed.value), failed.value.is_permanent) == ("ConnectionRefusedError", False)
    for recipient in ("nobody", "a@b\nBcc: c@example.com"):
        with MailServer() as server, pytest.raises(MailFailed) as failed:
            send(server.port, recipient=recipient)
        assert failed.value.is_permanent
        assert server.mails == []


def test_every_mail_exists_in_every_language_with_the_same_placeholders() -> None:
    names = {path.name for path in FOLDER.rglob("*.txt")}
    assert {path.name for path in FOLDER.iterdir()} == set(LANGUAGES)
    for name in names:
        template = name.removesuffix(".txt")
        texts = [render(template, language, "LINK", {"business": "B", "inviter": "I"}) for language in LANGUAGES]
        assert len(set(texts)) == len(LANGUAGES), name
        for subject, text in texts:
            assert subject and "LINK" in text and "$" not in subject + text
            assert len(text.splitlines()) > 4


def test_language_is_chosen_by_its_first_part() -> None:
    subjects = [render("password_reset", each, "LINK", {})[0] for each in ("de-AT", "DE_de", "es", "fr", "", None)]
    assert subjects == [
        "Passwort zurücksetzen",
        "Passwort zurücksetzen",
        "Restablecer la contraseña",
        *["Reset your password"] * 3,
    ]


def test_names_cannot_forge_other_parts_of_a_mail() -> None:
    business = "Shop\r\nBcc: c@example.com\r\n\r\n$link" + "x" * 500
    subject, text = render("member_invitation", "en", "LINK", {"business": business, "inviter": "I"})
    assert "\n" not in subject and "\r" not in subject + text
    assert len(subject) < 200
    assert text.count("LINK") == 1


def test_mail_needs_a_sender_and_the_public_address() -> None:
    settings = {
        "ICMP_API_KEY": MASTER_KEY,
        "SMTP_URL": "smtps://an%40na:p%2Fw@mail.example.com",
        "MAIL_FROM": "icmp@example.com",
        "PUBLIC_URL": "https://icmp.example.com",
    }
    config = Config.from_env(settings)
    server = config.mail_server
    assert server is not None
    assert (server.host, server.port, server.security) == ("mail.example.com", 465, "tls")
    assert (server.user, server.password, server.sender) == ("an@na", "p/w", "icmp@example.com")
    assert "p/w" not in repr(config)
    changes = {
        "MAIL_FROM": ("", "icmp", "a@b, c@d", "a@b\nBcc: c@d"),
        "PUBLIC_URL": ("",),
        "SMTP_URL": ("smtp://host/path", "smtp://host?a=b"),
    }
    for name, values in changes.items():
        for value in values:
            with pytest.raises(ConfigError, match=f"^{name}"):
                Config.from_env({**settings, name: value})
