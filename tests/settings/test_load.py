"""The configuration: what is accepted, what is refused, and in which words."""

from pathlib import Path

import pytest

from pipeline.adapters.files import packaged
from pipeline.errors import ConfigError
from pipeline.settings import Settings, find_home, load


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "chipwire.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "chipwire.toml", {}) == Settings()


def test_the_packaged_file_says_the_defaults(tmp_path: Path) -> None:
    text = (packaged("config") / "chipwire.toml").read_text(encoding="utf-8")
    assert load(write(tmp_path, text), {}) == Settings()


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        pytest.param(
            "[fetch]\nhost_dealy_s = 2\n", ":2: fetch.host_dealy_s", "did you mean host_delay_s?",
            id="a key misspelt",
        ),
        pytest.param("[fecth]\n", ":1: fecth", "did you mean fetch?", id="a section misspelt"),
        pytest.param(
            '[fetch]\ntimeout_s = "soon"\n', ":2: fetch.timeout_s", "not 'soon'", id="a wrong type"
        ),
        pytest.param(
            '[fetch]\n\n# networks\nallow_networks = ["10.0.0.300/8"]\n',
            ":4: fetch.allow_networks", "10.0.0.300", id="a network that is none",
        ),
        pytest.param(
            '[[digest]]\nname = "a"\n[[digest]]\nname = "b"\nschedule = "0 7 * * 9"\n',
            ":3: digest.1", "weekday 9", id="a bad cron line, in the second digest",
        ),
        pytest.param(
            '[[digest]]\ntimezone = "Mars/Base"\n', ":1: digest.0", "unknown", id="a zone of Mars"
        ),
        pytest.param(
            '[[digest]]\nname = "a"\n[[digest]]\nname = "a"\n', "digest", "two digests are named",
            id="two digests of one name",
        ),
        pytest.param(
            '[[digest]]\nchannels = ["pigeon:x"]\n', ":2: digest.0.channels", "pigeon",
            id="an unknown channel",
        ),
        pytest.param(
            '[mail]\nsender = "a@b.c\\nBcc: x@y.z"\n', ":2: mail.sender", "name@example.org",
            id="a header smuggled into the sender",
        ),
        pytest.param(
            '[[digest]]\nchannels = ["mail:ann@reader.example\\r\\nBcc: x@y.z"]\n',
            ":2: digest.0.channels", "one line", id="a header smuggled into a recipient",
        ),
        pytest.param(
            '[[alert]]\nprobabilty = 0.9\n', ":2: alert.0.probabilty", "did you mean probability?",
            id="an alert's key misspelt",
        ),
        pytest.param(
            "[[alert]]\nprobability = 90\n", ":2: alert.0.probability", "not 90",
            id="a probability in percent",
        ),
        pytest.param(
            "[[alert]]\nper_hour = 0\n", ":2: alert.0.per_hour", "not 0",
            id="an alert that may never leave",
        ),
        pytest.param(
            '[[alert]]\nname = "a"\n[[alert]]\nname = "b"\nquiet_hours = "22-7"\n',
            ":3: alert.1", "22:00-07:00", id="quiet hours that are none, in the second alert",
        ),
        pytest.param(
            '[[digest]]\nname = "a"\ncut = 0.5\n[[digest]]\nname = "b"\ncut = 5\n',
            ":6: digest.1.cut", "not 5", id="a key that the first digest has, too",
        ),
        pytest.param(
            '[fetch]\nallow_networks = ["10.0.0.0/8", "10.1.0.0/16", 3]\n',
            ":2: fetch.allow_networks.2", "not 3", id="the third of a list",
        ),
        pytest.param('[[alert]]\nchannels = []\n', ":1: alert.0", "no channels", id="no channel"),
        pytest.param(
            '[[alert]]\nname = "a"\n[[alert]]\nname = "a"\n', "alert", "two alerts are named",
            id="two alerts of one name",
        ),
        pytest.param(
            '[[alert]]\nname = "fabs"\nchannels = ["mail:ann@reader.example"]\n',
            "chipwire.toml", "the alert 'fabs' goes out by mail: [mail] needs host and sender",
            id="an alert by mail without a server",
        ),
        pytest.param("[fetch\n", "not valid TOML", "line 1", id="broken TOML"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_its_place(
    tmp_path: Path, text: str, place: str, reason: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), {})
    assert place in str(caught.value)
    assert reason in str(caught.value)
    assert caught.value.exit_code == 2
    assert caught.value.fix


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "[fetch]\ntimeout_s = -1\nmax_mib = 0\n[mail]\nport = 0\n")
    with pytest.raises(ConfigError) as caught:
        load(path, {"CHIPWIRE_FETCH_CONTCAT": "me@example.org"})
    message = str(caught.value)
    for fault in (
        ":2: fetch.timeout_s",
        ":3: fetch.max_mib",
        ":5: mail.port",
        "did you mean contact",
    ):
        assert fault in message


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("CHIPWIRE_FECTH_CONTACT", "did you mean CHIPWIRE_FETCH_CONTACT?", id="typo"),
        pytest.param("CHIPWIRE_MAIL_PASSWORD", "did you mean password_env?", id="the password"),
        pytest.param("CHIPWIRE_DIGEST_CUT", "[[digest]] is written in chipwire.toml", id="a table"),
        pytest.param("CHIPWIRE_SERVICE_HOST", "", id="what Kubernetes sets"),
        pytest.param("CHIPWIRE_PORT", "", id="what Docker sets"),
        pytest.param("CHIPWIRE_HOME", "", id="the home"),
        pytest.param("CHIPWIRE_LOG", "", id="the daemon's option"),
    ],
)
def test_a_variable_is_a_setting_a_fault_or_a_stranger(
    tmp_path: Path, name: str, reason: str
) -> None:
    if not reason:
        assert load(tmp_path / "chipwire.toml", {name: "x"}) == Settings()
        return
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "chipwire.toml", {name: "x"})
    assert f"environment: {name}: " in str(caught.value)
    assert reason in str(caught.value)


def test_the_password_may_be_called_as_if_it_were_a_setting(tmp_path: Path) -> None:
    path = write(tmp_path, '[mail]\npassword_env = "CHIPWIRE_MAIL_PASSWORD"\n')
    load(path, {"CHIPWIRE_MAIL_PASSWORD": "secret"})
    named = {"CHIPWIRE_MAIL_PASSWORD_ENV": "CHIPWIRE_MAIL_PASSWORD"}
    load(tmp_path / "none.toml", {"CHIPWIRE_MAIL_PASSWORD": "secret", **named})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, '[fetch]\ncontact = "file@example.org"\nhost_delay_s = 5\n')
    settings = load(
        path, {"CHIPWIRE_FETCH_CONTACT": "env@example.org", "CHIPWIRE_MAIL_PORT": "2525"}
    )
    assert settings.fetch.contact == "env@example.org"
    assert settings.fetch.host_delay_s == 5
    assert settings.mail.port == 2525


@pytest.mark.parametrize(
    ("option", "environment", "here_is_home", "expected"),
    [
        pytest.param("given", {"CHIPWIRE_HOME": "/env"}, True, "given", id="--home wins"),
        pytest.param(None, {"CHIPWIRE_HOME": "/env"}, True, "/env", id="then CHIPWIRE_HOME"),
        pytest.param(None, {}, True, ".", id="then this folder, if it is a home"),
        pytest.param(None, {"XDG_DATA_HOME": "/data"}, False, "/data/chipwire", id="else data"),
    ],
)
def test_the_home(tmp_path: Path, option, environment, here_is_home, expected) -> None:
    if here_is_home:
        write(tmp_path, "")
    option = option and str(tmp_path / option)
    expected = tmp_path / expected if expected in (".", "given") else Path(expected)
    assert find_home(option, environment, tmp_path).path == expected.resolve()
