"""What workers on other machines need of a home: its configuration and its model, by hash."""

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ModelError

CONFIG, MODELS = "config", "models"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Files in one archive, named by what it holds."""

    sha256: str
    content: bytes


def pack(config: Path, model: Path) -> Parcel:
    """Return the configuration files that readers read, and one model's folder; the same files
    always make the same parcel."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files(config, model)):
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    content = packed.getvalue()
    return Parcel(hashlib.sha256(content).hexdigest(), content)


def files(config: Path, model: Path) -> Iterator[tuple[str, Path]]:
    for path in (config / "companies.toml", *config.glob("topics/*.toml")):
        if path.is_file():
            yield f"{CONFIG}/{path.relative_to(config).as_posix()}", path
    for path in model.iterdir() if model.is_dir() else ():
        if path.is_file():
            yield f"{MODELS}/{model.name}/{path.name}", path


def place(parcel: Parcel, root: Path) -> Path:
    """Unpack a parcel below `root` and return its folder; one that lies there is left alone.

    Raises:
        ModelError: it is not what its hash says.
    """
    if hashlib.sha256(parcel.content).hexdigest() != parcel.sha256:
        raise ModelError("a parcel arrived damaged", why="its hash differs", fix="try again")
    folder = root / f"chipwire-{parcel.sha256[:16]}"
    if folder.is_dir():
        return folder
    # Unpacked beside and renamed: another worker of this machine may be doing the same.
    with tempfile.TemporaryDirectory(dir=root) as beside:
        with zipfile.ZipFile(io.BytesIO(parcel.content)) as archive:
            archive.extractall(Path(beside) / "all")
        (Path(beside) / "all" / CONFIG).mkdir(parents=True, exist_ok=True)
        try:
            os.rename(Path(beside) / "all", folder)  # noqa: PTH104 - Path.rename differs by system
        except OSError:
            if not folder.is_dir():
                raise
    return folder
