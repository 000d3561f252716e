"""Mail addresses: one, whole, and with nothing behind it."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import getaddresses

from pipeline.errors import ConfigError

FORM = "it needs the form name@example.org"


def address(text: str) -> Address:
    """Return the one address a text holds, e.g. "Name <name@example.org>".

    Raises:
        ConfigError: it holds none, or a control character that could start a header.
    """
    # Pythons differ in what they make of two addresses: the first, both, or nothing at all.
    several = getaddresses([text])
    if len(several) != 1 or any(ord(one) < 32 for one in text):
        raise no_address(text, FORM)
    name, spec = several[0]
    try:
        found = Address(name, addr_spec=spec)
    except IndexError as error:  # the answer to "a@": its words would help nobody
        raise no_address(text, FORM) from error
    except (ValueError, HeaderParseError) as error:  # to "a b@c"
        raise no_address(text, str(error)) from error
    if not found.username or not found.domain:
        raise no_address(text, FORM)
    return found


def no_address(text: str, why: str) -> ConfigError:
    return ConfigError(
        f"{text!r} is no mail address", why=why, fix="mend it in chipwire.toml, e.g. me@example.org"
    )
