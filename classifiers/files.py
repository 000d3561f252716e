"""Model files: arrays, a vocabulary and a hashed manifest in one folder; nothing executable.

    FOLDER/manifest.json    schema, id, the caller's notes, kinds and shapes, sizes and hashes
    FOLDER/weights.npz      arrays of numbers, stored uncompressed
    FOLDER/vocabulary.txt   one token a line

A model file is a cache. `load` checks everything before it believes anything and raises
ModelFileError with a reason; the caller then builds the model again. The hashes protect against
damage and mix-ups, not against someone who may write the folder; what such a person can do is
choose numbers, never run code.
"""

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from classifiers.errors import ModelFileError

SCHEMA = "chipwire-model/1"
MANIFEST, WEIGHTS, VOCABULARY = "manifest.json", "weights.npz", "vocabulary.txt"
MAX_MANIFEST_BYTES = 4 * 2**20
MAX_FILE_BYTES = 512 * 2**20
KINDS = "biuf"  # numpy's booleans, integers and floats: no objects, no text, no times

_ARRAY_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a model folder holds: arrays by name (read-only), tokens in order, notes, the id."""

    arrays: Mapping[str, np.ndarray]
    vocabulary: tuple[str, ...]
    meta: Mapping[str, Any]
    model_id: str


def save(
    folder: Path,
    arrays: Mapping[str, np.ndarray],
    *,
    vocabulary: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
) -> str:
    """Write a model folder in one move and return the model's id.

    The id is a hash of arrays, vocabulary and `meta` (JSON: put in all that made the model).
    The files are written beside `folder`, flushed to disk, then renamed. Raises ValueError or
    TypeError for arrays that are no numbers, tokens with line breaks and `meta` that is no JSON.
    """
    weights, words = _pack(arrays), _spell(vocabulary)
    manifest = {
        "schema": SCHEMA,
        "meta": dict(meta or {}),
        "tokens": len(vocabulary),
        "arrays": {name: [array.dtype.str, list(array.shape)] for name, array in arrays.items()},
        "files": {WEIGHTS: _fingerprint(weights), VOCABULARY: _fingerprint(words)},
    }
    manifest["id"] = _sha256(_spell_manifest(manifest))
    contents = {WEIGHTS: weights, VOCABULARY: words, MANIFEST: _spell_manifest(manifest)}
    _replace(Path(folder), contents)
    return str(manifest["id"])


def load(folder: Path, *, expected: Mapping[str, Any] | None = None) -> Saved:
    """Return what `save` wrote.

    `expected` are notes that must stand in `meta` as they are here: labels, settings, library
    versions. Raises ModelFileError for whatever is missing, damaged, foreign, of another schema
    or not as expected; executes and unpickles nothing, and reads only the three files.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    meta: dict[str, Any] = manifest["meta"]
    for note, value in (expected or {}).items():
        if meta.get(note) != value:
            raise ModelFileError(f"{note} is {meta.get(note)!r}, this program needs {value!r}")
    weights, words = (_read_checked(folder, name, manifest) for name in (WEIGHTS, VOCABULARY))
    return Saved(
        arrays=_unpack(weights, manifest["arrays"]),
        vocabulary=_unspell(words, manifest["tokens"]),
        meta=meta,
        model_id=manifest["id"],
    )


def _read_manifest(folder: Path) -> dict[str, Any]:
    text = _read(folder / MANIFEST, MAX_MANIFEST_BYTES)
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{MANIFEST} is no JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        found = manifest.get("schema") if isinstance(manifest, dict) else None
        raise ModelFileError(f"{MANIFEST} has schema {found!r}, this program reads {SCHEMA!r}")
    claimed = {name: value for name, value in manifest.items() if name != "id"}
    if manifest.get("id") != _sha256(_spell_manifest(claimed)) or text != _spell_manifest(manifest):
        raise ModelFileError(f"{MANIFEST} was changed: its id does not fit its content")
    return _checked_shape(manifest)


def _checked_shape(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest; its hash may be right and it still may come from somebody else."""
    kinds = {"meta": dict, "tokens": int, "arrays": dict, "files": dict}
    fits = all(isinstance(manifest.get(name), kind) for name, kind in kinds.items())
    if not fits or set(manifest["files"]) != {WEIGHTS, VOCABULARY}:
        raise ModelFileError(f"{MANIFEST} does not describe {WEIGHTS} and {VOCABULARY}")
    return manifest


def _read_checked(folder: Path, name: str, manifest: dict[str, Any]) -> bytes:
    content = _read(folder / name, MAX_FILE_BYTES)
    if _fingerprint(content) != manifest["files"][name]:
        raise ModelFileError(f"{name} is not the file that was saved: size or hash differ")
    return content


def _read(path: Path, most: int) -> bytes:
    """Return a file's bytes; never follows a link, never reads more than `most`."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            # asked for by its size: a buffer for `most` alone took as long as all the rest
            content = file.read(min(os.fstat(handle).st_size, most) + 1)
    except OSError as error:
        raise ModelFileError(f"{path.name} cannot be read: {error.strerror}") from error
    if len(content) > most:
        raise ModelFileError(f"{path.name} is larger than {most // 2**20} MiB")
    return content


def _pack(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return an .npz file; the same arrays give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, array in sorted(arrays.items()):
            if not _ARRAY_NAME.fullmatch(name) or array.dtype.kind not in KINDS:
                raise ValueError(f"array {name!r} of {array.dtype} cannot be saved")
            member = io.BytesIO()
            npy.write_array(member, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue())
    return packed.getvalue()


def _unpack(weights: bytes, described: Mapping[str, Any]) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(io.BytesIO(weights)) as archive:
            members = {member.filename: member for member in archive.infolist()}
            if set(members) != {f"{name}.npy" for name in described}:
                raise ModelFileError(f"{WEIGHTS} holds other arrays than {MANIFEST} says")
            if any(m.compress_type != zipfile.ZIP_STORED for m in members.values()):
                raise ModelFileError(f"{WEIGHTS} is compressed, which `save` never does")
            return {
                name: _array(name, archive.read(f"{name}.npy"), described[name])
                for name in described
            }
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise ModelFileError(f"{WEIGHTS} is no archive of arrays: {error}") from error


def _array(name: str, member: bytes, described: object) -> np.ndarray:
    """Return an array over the member's own bytes: no size in a header can ask for more."""
    stream = io.BytesIO(member)
    try:
        if npy.read_magic(stream) != (1, 0):
            raise ModelFileError(f"array {name} is of another file format")
        shape, by_column, kind = npy.read_array_header_1_0(stream)
    except ValueError as error:
        raise ModelFileError(f"array {name} has no readable header: {error}") from error
    if by_column or kind.kind not in KINDS or [kind.str, list(shape)] != described:
        raise ModelFileError(f"array {name} is {kind} {shape}, {MANIFEST} says {described}")
    values = np.frombuffer(member, dtype=np.uint8, offset=stream.tell())
    if min(shape, default=1) < 0 or values.nbytes != kind.itemsize * _product(shape):
        raise ModelFileError(f"array {name} does not have the values its shape asks for")
    array = values.view(kind).reshape(shape)
    if kind.kind == "f" and not np.isfinite(array).all():
        raise ModelFileError(f"array {name} holds what is no number: a score would be none either")
    return array


def _product(shape: tuple[int, ...]) -> int:
    cells = 1  # of Python's own integers, which do not overflow
    for side in shape:
        cells *= side
    return cells


def _spell(vocabulary: Sequence[str]) -> bytes:
    if any("\n" in token for token in vocabulary):
        raise ValueError("a token with a line break cannot be saved")
    return "".join(f"{token}\n" for token in vocabulary).encode()


def _unspell(words: bytes, count: object) -> tuple[str, ...]:
    try:
        vocabulary = tuple(words.decode().split("\n")[:-1])
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{VOCABULARY} is no UTF-8") from error
    if len(vocabulary) != count:
        raise ModelFileError(f"{VOCABULARY} has {len(vocabulary)} tokens, {MANIFEST} says {count}")
    return vocabulary


def _spell_manifest(manifest: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a manifest, so that any changed byte shows."""
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return f"{text}\n".encode()


def _fingerprint(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "sha256": _sha256(content)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _replace(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put a folder with these files in place; what stood there before is removed last."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    retired = fresh.with_name(f"{fresh.name}-retired")
    try:
        for name, content in contents.items():
            with (fresh / name).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _sync(fresh)
        if folder.exists():
            # A full folder cannot be renamed over: for a moment there is no model, which a
            # reader takes like any other unusable one.
            folder.rename(retired)
        fresh.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(retired, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
