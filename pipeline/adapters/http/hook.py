"""Web hooks: a digest as JSON, posted to an address of the user's own configuration.

Not guarded against private addresses as fetching is: the user wrote the address, as with a
mail server, and a hook in the own network is the usual case.
"""

import urllib3

from pipeline.errors import DeliveryError

TIMEOUT_S = 30.0
# "try again later" among the 4xx: RFC 9110 15.5.9 and 15.5.10, RFC 8470 5.2, RFC 6585 4
LATER = frozenset({408, 409, 425, 429})


class HookChannel:
    """Posts a message to a URL, which is a secret: errors never name it."""

    name = "webhook"

    def __init__(self, *, timeout_s: float = TIMEOUT_S):
        self.timeout_s = timeout_s

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        """Post the digest as JSON; a status of 2xx means it was taken.

        The header Idempotency-Key is the same when a digest is posted again. Raises
        DeliveryError: permanent for a redirect and for 4xx that do not mean "later".
        """
        if not recipient.startswith(("https://", "http://")):
            raise DeliveryError("the web hook has no proper address", permanent=True)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message_id,
            "User-Agent": "chipwire",
        }
        try:
            with urllib3.PoolManager() as pool:
                answer = pool.request(
                    "POST", recipient, body=message, headers=headers, redirect=False,
                    retries=False, timeout=self.timeout_s, preload_content=False,
                )  # fmt: skip
                status = answer.status
                answer.close()  # unread: what a hook answers does not matter, and may be long
        except urllib3.exceptions.LocationValueError as error:
            raise DeliveryError("the web hook has no proper address", permanent=True) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise DeliveryError(
                "the web hook cannot be reached", permanent=False, why=type(error).__name__
            ) from error
        if not 200 <= status <= 299:
            permanent = 300 <= status <= 499 and status not in LATER
            raise DeliveryError(
                "the web hook did not take the digest", permanent=permanent, why=f"status {status}"
            )
