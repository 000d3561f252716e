"""Chat services through Apprise, an optional extra."""

import importlib

from pipeline.errors import DeliveryError


class ChatChannel:
    """Sends to any service Apprise knows; the recipient is its address, which is a secret."""

    name = "apprise"

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        """Send the digest in Markdown. Raises DeliveryError; names no part of the address."""
        try:
            apprise = importlib.import_module("apprise")
        except ImportError as error:
            raise DeliveryError(
                "chat services need the extra",
                permanent=False,
                everyone=True,
                fix='pip install "chipwire[chat]"',
            ) from error
        service = apprise.Apprise()
        if not service.add(recipient):
            raise DeliveryError(
                "Apprise knows no service of this address", permanent=True,
                fix="see Apprise's list of addresses; mend the channel in chipwire.toml",
            )  # fmt: skip
        if "overflow=" not in recipient.lower():
            # Telegram takes 4,096 characters, Discord 2,000: forty stories have 30,000, and a
            # message that is too long is refused again and again
            for one in service:
                one.overflow_mode = apprise.OverflowMode.SPLIT
        text = message.decode()
        if not service.notify(body=text, body_format=apprise.NotifyFormat.MARKDOWN):
            raise DeliveryError("the chat service did not take the digest", permanent=False)
