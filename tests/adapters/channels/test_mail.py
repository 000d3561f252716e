"""Mail over real SMTP: encryption, logins, refusals, and what each means for the outbox."""

import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from pipeline.adapters.channels.mail import MailChannel, mailbox, password
from pipeline.errors import ConfigError, DeliveryError
from pipeline.models.policies import MailPolicy
from tests.postoffice import open_post_office

ANN = "ann@reader.example"
MESSAGE = b"Subject: hello\r\n\r\nhello\r\n"
ID = "<1@chipwire.example>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    key = path.with_name("key.pem")
    made = subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key),
            "-out", str(path),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    path.write_text(path.read_text() + key.read_text())
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_password_crosses_only_an_encrypted_line(certificate: Path, security: str) -> None:
    tls = ssl.create_default_context(cafile=str(certificate))
    with open_post_office(
        tls=server_tls(certificate), password="secret", starttls=security == "starttls"
    ) as office:
        policy = office.policy(security=security, username="chipwire")
        MailChannel(policy, password=lambda: "secret", tls=tls).send(ANN, ID, MESSAGE)
        assert [recipient for recipient, _ in office.taken] == [ANN]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_gets_nothing(certificate: Path, security: str) -> None:
    with open_post_office(
        tls=server_tls(certificate), password="secret", starttls=security == "starttls"
    ) as office:
        channel = MailChannel(office.policy(security=security, username="u"), password=lambda: "s")
        with pytest.raises(DeliveryError, match="certificate") as caught:
            channel.send(ANN, ID, MESSAGE)
    assert (caught.value.permanent, caught.value.everyone) == (False, True)
    assert office.taken == []


def test_a_server_without_starttls_gets_no_plain_text_instead() -> None:
    with open_post_office() as office:
        channel = MailChannel(office.policy(security="starttls"))
        with pytest.raises(DeliveryError, match="STARTTLS"):
            channel.send(ANN, ID, MESSAGE)
        assert office.taken == []


def test_a_wrong_password_is_kept_and_named_but_never_shown(certificate: Path) -> None:
    tls = ssl.create_default_context(cafile=str(certificate))
    with open_post_office(tls=server_tls(certificate), password="secret", starttls=True) as office:
        policy = office.policy(security="starttls", username="chipwire")
        channel = MailChannel(policy, password=lambda: "wr0ng-pass", tls=tls)
        with pytest.raises(DeliveryError, match="refused the login") as caught:
            channel.send(ANN, ID, MESSAGE)
    assert (caught.value.permanent, caught.value.everyone) == (False, True)
    assert "wr0ng-pass" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("550 no such mailbox", True), ("553 no", True), ("451 later", False), ("452 full", False)],
)
def test_a_refusal_is_for_good_or_for_now(answer: str, permanent: bool) -> None:
    with open_post_office() as office:
        office.answers[ANN] = answer
        with pytest.raises(DeliveryError) as caught:
            MailChannel(office.policy()).send(ANN, ID, MESSAGE)
    assert (caught.value.permanent, caught.value.everyone) == (permanent, False)
    assert answer in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "permanent"), [("554 spam", True), ("552 too big", True), ("451 later", False)]
)
def test_a_refused_message_is_told_apart_too(reply: str, permanent: bool) -> None:
    with open_post_office() as office:
        office.reply = reply
        with pytest.raises(DeliveryError) as caught:
            MailChannel(office.policy()).send(ANN, ID, MESSAGE)
    assert caught.value.permanent is permanent


def test_a_server_that_falls_silent_is_a_bad_day_for_everyone() -> None:
    with open_post_office() as office:
        office.silent = True
        with pytest.raises(DeliveryError, match="no answer in time") as caught:
            MailChannel(office.policy(), timeout_s=0.2).send(ANN, ID, MESSAGE)
    # else each of twenty readers would cost a pass half a minute
    assert (caught.value.permanent, caught.value.everyone) == (False, True)


def test_nobody_listening_is_a_bad_day_for_everyone() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        policy = MailPolicy(
            host="127.0.0.1", port=free.getsockname()[1], security="none", sender="a@b.example"
        )
        with pytest.raises(DeliveryError) as caught:
            MailChannel(policy).send(ANN, ID, MESSAGE)
    assert (caught.value.permanent, caught.value.everyone) == (False, True)


def test_the_message_arrives_as_it_was_stored() -> None:
    content = b"Subject: x\r\n\r\n.dot at the start\r\n\r\nend\r\n"
    with open_post_office() as office:
        MailChannel(office.policy()).send(ANN, ID, content)
        assert office.taken == [(ANN, content)]


@pytest.mark.parametrize(
    ("sender", "expected"),
    [("a@b.example", "a@b.example"), ("Chip Wire <a@b.example>", "a@b.example")],
)
def test_the_envelope_holds_the_bare_address(sender: str, expected: str) -> None:
    assert mailbox(sender) == expected


def test_a_password_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from file\n")
    assert password(MailPolicy(password_env="MAIL"), {"MAIL": "from env"}) == "from env"
    assert password(MailPolicy(password_file=str(file)), {}) == "from file"
    assert password(MailPolicy(), {}) == ""


@pytest.mark.parametrize(
    "policy",
    [MailPolicy(password_env="NOT_SET"), MailPolicy(password_file="/nowhere/password")],
    ids=["a variable that is not set", "a file that is not there"],
)
def test_a_secret_that_is_missing_is_named(policy: MailPolicy) -> None:
    with pytest.raises(ConfigError):
        password(policy, {})
