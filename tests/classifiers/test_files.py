"""Model files: round trips, and every kind of file that must be refused with a reason."""

import hashlib
import io
import json
import pickle
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.errors import ModelFileError
from classifiers.files import load, save

ARRAYS = {
    "weights": np.arange(12, dtype=np.float32).reshape(3, 4) / 7,
    "places": np.array([1, 2, 3], dtype=np.int32),
    "bias": np.array(0.5),
    "none": np.zeros((0, 4)),
}
VOCABULARY = ("chip", "export curbs", "芯片", "반도체", "a\rb\x85c")
META = {"topics": ["hbm", "foundry"], "sklearn": "1.9.1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path / "model", ARRAYS, vocabulary=VOCABULARY, meta=META)
    return tmp_path / "model"


def test_what_was_saved_is_loaded(folder: Path) -> None:
    saved = load(folder, expected={"sklearn": "1.9.1"})
    assert saved.vocabulary == VOCABULARY
    assert saved.meta == META
    assert saved.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert saved.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(saved.arrays[name], array)


def test_only_three_files_are_left_behind(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == ["model"]
    assert len(list(folder.iterdir())) == 3


def test_saving_again_replaces_and_gives_the_same_id(folder: Path) -> None:
    first = load(folder).model_id
    assert save(folder, ARRAYS, vocabulary=VOCABULARY, meta=META) == first
    assert save(folder, ARRAYS, vocabulary=VOCABULARY, meta={**META, "reviews": 1}) != first
    assert load(folder).meta["reviews"] == 1
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))))
def test_any_tokens_survive(tmp_path_factory: pytest.TempPathFactory, tokens: list[str]) -> None:
    folder = tmp_path_factory.mktemp("tokens") / "model"
    save(folder, {}, vocabulary=tokens)
    assert load(folder).vocabulary == tuple(tokens)


@pytest.mark.parametrize(
    ("arrays", "vocabulary", "meta"),
    [
        pytest.param({"a": np.array([{}], dtype=object)}, (), {}, id="an object array"),
        pytest.param({"a": np.array(["text"])}, (), {}, id="a text array"),
        pytest.param({"../a": np.zeros(1)}, (), {}, id="a path as name"),
        pytest.param({}, ("a\nb",), {}, id="a token with a line break"),
        pytest.param({}, (), {"x": float("nan")}, id="a note that is no JSON"),
    ],
)
def test_what_cannot_be_saved_is_refused(
    tmp_path: Path,
    arrays: dict[str, np.ndarray],
    vocabulary: tuple[str, ...],
    meta: dict[str, object],
) -> None:
    with pytest.raises(ValueError):
        save(tmp_path / "model", arrays, vocabulary=vocabulary, meta=meta)
    assert not list(tmp_path.iterdir())


class Loud:
    """Unpickling it would leave a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


def repack(folder: Path, change: Callable[[zipfile.ZipFile], None]) -> None:
    """Rewrite weights.npz."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        change(archive)
    (folder / "weights.npz").write_bytes(packed.getvalue())


def describe_anew(folder: Path, **changes: object) -> None:
    """Write a manifest whose hashes all fit, as a forger would."""
    path = folder / "manifest.json"
    manifest = {**json.loads(path.read_text()), **changes}
    del manifest["id"]
    if "files" not in changes:
        manifest["files"] = {
            name: {
                "bytes": len(content := (folder / name).read_bytes()),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name in ("weights.npz", "vocabulary.txt")
        }
    spelled = (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode()
    manifest["id"] = hashlib.sha256(spelled).hexdigest()
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")


def pickled(folder: Path) -> None:
    array = np.array([Loud(folder.parent / "executed")], dtype=object)
    member = io.BytesIO()
    np.lib.format.write_array(member, array, allow_pickle=True)
    repack(folder, lambda archive: archive.writestr("weights.npy", member.getvalue()))
    describe_anew(folder, arrays={"weights": ["|O", [1]]})


def huge(folder: Path) -> None:
    member = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (2**40, 2**40)}
    np.lib.format.write_array_header_1_0(member, header)
    repack(folder, lambda archive: archive.writestr("weights.npy", member.getvalue()))
    describe_anew(folder, arrays={"weights": ["<f8", [2**40, 2**40]]})


def negative(folder: Path) -> None:
    member = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (-1, -1)}
    np.lib.format.write_array_header_1_0(member, header)
    repack(folder, lambda archive: archive.writestr("weights.npy", member.getvalue() + b"8bytes.."))
    describe_anew(folder, arrays={"weights": ["<f8", [-1, -1]]})


def numberless(value: float) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        member = io.BytesIO()
        np.lib.format.write_array(member, np.array([1.0, value]), allow_pickle=False)
        repack(folder, lambda archive: archive.writestr("weights.npy", member.getvalue()))
        describe_anew(folder, arrays={"weights": ["<f8", [2]]})

    return spoil


def bomb(folder: Path) -> None:
    deflated = zipfile.ZIP_DEFLATED
    repack(folder, lambda a: a.writestr("weights.npy", bytes(2**20), compress_type=deflated))
    describe_anew(folder, arrays={"weights": ["<f8", [2**17]]})


def traversal(folder: Path) -> None:
    repack(folder, lambda archive: archive.writestr("../outside.npy", b""))
    describe_anew(folder, arrays={"weights": ["<f8", [1]]})


def elsewhere(folder: Path) -> None:
    describe_anew(folder, files={"../weights.npz": {"bytes": 0, "sha256": ""}})


def linked(folder: Path) -> None:
    (folder / "weights.npz").rename(folder.parent / "elsewhere.npz")
    (folder / "weights.npz").symlink_to(folder.parent / "elsewhere.npz")


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return spoil


def flip(name: str, place: int) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[place] ^= 1
        (folder / name).write_bytes(content)

    return spoil


def cut(name: str, keep: float) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: int(len(content) * keep)])

    return spoil


def forge(**changes: object) -> Callable[[Path], None]:
    return lambda folder: describe_anew(folder, **changes)


def forge_file(name: str, content: bytes, **changes: object) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content)
        describe_anew(folder, **changes)

    return spoil


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


@pytest.mark.parametrize(
    "spoil",
    [
        *[
            pytest.param(remove(name), id=f"{name} missing")
            for name in ("manifest.json", "weights.npz", "vocabulary.txt")
        ],
        *[
            pytest.param(cut(name, keep), id=f"{name} cut to {keep:.0%}")
            for name in ("manifest.json", "weights.npz", "vocabulary.txt")
            for keep in (0, 0.5, 0.99)
        ],
        *[
            pytest.param(flip(name, place), id=f"{name} with a flipped bit at {place}")
            for name in ("manifest.json", "weights.npz", "vocabulary.txt")
            for place in (0, 3, 17, -2)
        ],
        pytest.param(pickled, id="a pickle that would run, hashes fitting"),
        pytest.param(write("weights.npz", pickle.dumps({"a": 1})), id="a pickle as weights"),
        pytest.param(huge, id="a header that asks for 8 YiB"),
        pytest.param(negative, id="a negative shape"),
        pytest.param(bomb, id="compressed weights"),
        pytest.param(numberless(float("nan")), id="a weight that is no number, hashes fitting"),
        pytest.param(numberless(float("inf")), id="an endless weight, hashes fitting"),
        pytest.param(traversal, id="a member outside the folder"),
        pytest.param(elsewhere, id="a file outside the folder"),
        pytest.param(linked, id="weights behind a link"),
        pytest.param(forge(schema="chipwire-model/2"), id="a later schema"),
        pytest.param(forge(tokens=4), id="a token too many"),
        pytest.param(forge(arrays={}), id="an array too many"),
        pytest.param(forge(meta=[]), id="notes of another type"),
        pytest.param(forge_file("weights.npz", b"PK"), id="no archive"),
        pytest.param(forge_file("vocabulary.txt", b"\xff\n"), id="a vocabulary that is no UTF-8"),
        pytest.param(write("manifest.json", b"[" * 10**6), id="a manifest nested a million deep"),
        pytest.param(write("manifest.json", b"[]"), id="a manifest that is a list"),
        pytest.param(write("manifest.json", b"{}"), id="an empty manifest"),
        pytest.param(write("manifest.json", b"\xff\xfe"), id="a manifest that is no text"),
        pytest.param(write("manifest.json", b" " * (4 * 2**20 + 1)), id="a manifest of over 4 MiB"),
    ],
)
def test_an_unusable_model_file_is_refused_with_a_reason(
    folder: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(folder)
    with pytest.raises(ModelFileError) as refusal:
        load(folder)
    assert refusal.value.reason
    assert not (folder.parent / "executed").exists()


def test_a_model_of_other_labels_or_libraries_is_refused(folder: Path) -> None:
    with pytest.raises(ModelFileError, match=r"sklearn is '1\.9\.1', this program needs '2\.0'"):
        load(folder, expected={"sklearn": "2.0"})
    with pytest.raises(ModelFileError, match="code is None"):
        load(folder, expected={"code": "0.1"})


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"manifest\.json cannot be read"):
        load(tmp_path / "nowhere")


@given(place=st.integers(0), bit=st.integers(0, 7), name=st.integers(0, 2))
def test_any_flipped_bit_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int, name: int
) -> None:
    folder = tmp_path_factory.mktemp("flip") / "model"
    save(folder, ARRAYS, vocabulary=VOCABULARY, meta=META)
    path = sorted(folder.iterdir())[name]
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(ModelFileError):
        load(folder)


SAVING = """
import os, signal, sys
from pathlib import Path
from classifiers.files import save
from tests.classifiers.test_files import ARRAYS, META, VOCABULARY

left, steps, loud = int(sys.argv[2]), 0, ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")

def burn(event, arguments):
    global left, steps
    if event in loud and "model" in str(arguments[0]):
        left, steps = left - 1, steps + 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(burn)
save(Path(sys.argv[1]), ARRAYS, vocabulary=VOCABULARY, meta={**META, "reviews": 20})
print(steps)
"""


def test_a_save_killed_at_any_step_leaves_a_whole_model_or_none(tmp_path: Path) -> None:
    def cut(folder: Path, fuse: int) -> subprocess.CompletedProcess[str]:
        save(folder, ARRAYS, vocabulary=VOCABULARY, meta=META)
        return subprocess.run(
            [sys.executable, "-c", SAVING, str(folder), str(fuse)],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    steps = int(cut(tmp_path / "model", 0).stdout)
    assert steps > 6
    seen = set()
    for fuse in range(1, steps + 1):
        folder = tmp_path / f"cut{fuse}" / "model"
        assert cut(folder, fuse).returncode == -signal.SIGKILL
        try:
            seen.add(load(folder).meta.get("reviews", 0))
        except ModelFileError:
            seen.add("none")
            assert not folder.exists()
        assert save(folder, ARRAYS, vocabulary=VOCABULARY, meta=META)
        assert load(folder).meta == META
    assert seen <= {0, 20, "none"}
    assert {0, 20} <= seen
