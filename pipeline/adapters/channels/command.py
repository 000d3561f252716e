"""A command of the user's: gets the digest on its standard input."""

import os
import shlex
import subprocess

from pipeline.errors import DeliveryError

TIMEOUT_S = 60.0


class CommandChannel:
    """Runs a command line, without a shell, once per digest."""

    name = "command"

    def __init__(self, *, timeout_s: float = TIMEOUT_S):
        self.timeout_s = timeout_s

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        """Run the command with the digest in Markdown as its input; exit 0 means delivered.

        CHIPWIRE_MESSAGE_ID is the same when a digest is handed over again. Raises
        DeliveryError, which is never permanent: a person can mend a command.
        """
        try:
            done = subprocess.run(  # noqa: S603 - the user's own configuration names it
                shlex.split(recipient),
                input=message,
                capture_output=True,
                timeout=self.timeout_s,
                check=False,
                env={**os.environ, "CHIPWIRE_MESSAGE_ID": message_id},
            )
        except (OSError, ValueError, IndexError) as error:
            raise failed(recipient, str(error)) from error
        except subprocess.TimeoutExpired as error:
            raise failed(recipient, f"took longer than {self.timeout_s:g} s") from error
        if done.returncode:
            last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise failed(recipient, f"exit code {done.returncode} {' '.join(last)}".strip())


def failed(command: str, why: str) -> DeliveryError:
    program = (command.split(maxsplit=1) or ["(empty)"])[0]
    return DeliveryError(f"the command {program} failed", permanent=False, why=why)
