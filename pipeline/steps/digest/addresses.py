"""Mail addresses: one, whole, and with nothing behind it."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr

from pipeline.errors import ConfigError


def address(text: str) -> Address:
    """Return the one address a text holds, e.g. "Name <name@example.org>".

    Raises:
        ConfigError: it holds none, or a control character that could start a header.
    """
    name, spec = parseaddr(text)
    try:
        found = Address(name, addr_spec=spec)
    # what the parser answers to "a b@c", to "a@" and to "@c"
    except (ValueError, IndexError, HeaderParseError) as error:
        raise no_address(text, str(error)) from error
    if not found.username or not found.domain or any(ord(one) < 32 for one in text):
        raise no_address(text, "it needs the form name@example.org")
    return found


def no_address(text: str, why: str) -> ConfigError:
    return ConfigError(
        f"{text!r} is no mail address", why=why, fix="mend it in chipwire.toml, e.g. me@example.org"
    )
