"""Files: a digest as pages and feeds in a folder, each written whole or not at all."""

import json
import os
from pathlib import Path

from pipeline.errors import DeliveryError


class FolderChannel:
    """Writes what a message holds under `root`; the recipient is a folder's name there."""

    name = "file"

    def __init__(self, root: Path):
        self.root = root

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        """Write the files of the message, which is a JSON object of path to text.

        Writing the same message again gives the same files. Raises DeliveryError.
        """
        files: dict[str, str] = json.loads(message)
        folder = self.root / recipient
        for name, text in files.items():
            path = folder / name
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise DeliveryError(f"{name} lies outside {self.root}", permanent=True)
            try:
                write_whole(path, text.encode())
            except OSError as error:
                raise DeliveryError(
                    f"{path} cannot be written",
                    permanent=False,
                    why=error.strerror or str(error),
                    fix="check the folder's permissions and the space on the disk",
                ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by one with this content; a kill leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
