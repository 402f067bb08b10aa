"""Does a model come back from its file as it went in, and does nothing else come in?

Oracles: the model before it was saved, bit for bit; the `safetensors` library's own reader;
the verdicts C1–C28 on files built here byte by byte.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

import gru_viz
from gru_viz import checkpoint, safetensors_header, stored
from gru_viz.catalog import Catalog
from gru_viz.checkpoint import content_hash, expected_shapes, load, load_checked, save, to_bytes
from gru_viz.errors import InputError
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.record import record
from tests.models import EVERY, N_ITEMS, random_model, tensors_of

# --- a file taken apart and put together again


def parts(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The header as a table, and the tensors' bytes."""
    start = 8 + int.from_bytes(data[:8], "little")
    return json.loads(data[8:start]), data[start:]


def join(header: dict[str, Any] | bytes, body: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def facts_of(data: bytes) -> dict[str, Any]:
    return json.loads(parts(data)[0]["__metadata__"]["gru_viz"])


def with_header(change: Callable[[dict[str, Any]], Any], data: bytes | None = None) -> bytes:
    """A sound file whose header went through `change`."""
    header, body = parts(SOUND if data is None else data)
    change(header)
    return join(header, body)


def with_facts(change: Callable[[dict[str, Any]], Any], data: bytes | None = None) -> bytes:
    """A sound file whose "gru_viz" metadata went through `change`."""

    def changed(header: dict[str, Any]) -> None:
        facts = json.loads(header["__metadata__"]["gru_viz"])
        change(facts)
        header["__metadata__"]["gru_viz"] = json.dumps(facts)

    return with_header(changed, data)


def with_tensors(change: Callable[[dict[str, np.ndarray]], Any], data: bytes | None = None) -> bytes:
    """A file with the same metadata, written soundly, whose tensors went through `change`."""
    data = SOUND if data is None else data
    tensors = safetensors.numpy.load(data)
    change(tensors)
    return safetensors.numpy.save(tensors, parts(data)[0]["__metadata__"])


def with_catalog(text: str | bytes) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    return with_tensors(lambda tensors: tensors.update(catalog=np.frombuffer(raw, np.uint8)))


def ids(*names: object, **columns: list[object]) -> str:
    return json.dumps({"ids": list(names), **columns})


SOUND = to_bytes(random_model("reset after"))
TIED = to_bytes(random_model("tied"))
DEEP = to_bytes(random_model("two layers"))
SEVEN = [f"id-{n}" for n in range(N_ITEMS)]


# --- there and back


def test_round_trip_is_exact(every_model: GRU4Rec, tmp_path: Path, clicks: list[int]) -> None:
    """Oracle: the model before, bit for bit: weights, scores, settings, catalogue, facts."""
    path = tmp_path / "model.safetensors"
    save(every_model, path)
    back = load(path)
    before, after = every_model.state_dict(), back.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert (back.config, back.catalog, back.about) == (
        every_model.config,
        every_model.catalog,
        every_model.about,
    )
    np.testing.assert_array_equal(record(back, clicks).scores, record(every_model, clicks).scores)
    assert not load_checked(path).warnings


def test_round_trip_keeps_float64(clicks: list[int]) -> None:
    """Oracle: the float64 model."""
    model = random_model("three layers, reset after", double=True)
    back = load(to_bytes(model))
    assert {weight.dtype for weight in back.parameters()} == {torch.float64}
    np.testing.assert_array_equal(record(back, clicks).scores, record(model, clicks).scores)


def test_a_loaded_model_is_ready_and_still(tmp_path: Path) -> None:
    """Oracle: eval mode, nothing trainable; a caller may ask for training again."""
    save(random_model().train(), tmp_path / "m.safetensors")
    model = load(tmp_path / "m.safetensors")
    assert not model.training
    assert not any(weight.requires_grad for weight in model.parameters())
    assert not any(weight.is_meta for weight in model.state_dict().values())
    model.requires_grad_()
    model(torch.tensor([0, 1]), [1, 1]).sum().backward()
    assert model.layers[0].W.grad is not None


def test_loading_leaves_random_numbers_alone() -> None:
    """Oracle: the generator's state; a draw made elsewhere does not depend on who loads."""
    state = torch.get_rng_state()
    load(SOUND)
    assert torch.equal(state, torch.get_rng_state())


TEXT = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(TEXT, min_size=1, max_size=6, unique=True),
    st.data(),
    st.sampled_from(sorted(EVERY)),
    st.dictionaries(TEXT, JSON, max_size=4),
)
def test_any_catalogue_and_facts_round_trip(
    item_ids: list[str], data: st.DataObject, kind: str, about: dict[str, Any]
) -> None:
    """Oracle: what went in, for any text and any JSON."""
    texts = st.lists(TEXT, min_size=len(item_ids), max_size=len(item_ids)).map(tuple)
    catalog = Catalog(tuple(item_ids), data.draw(texts | st.just(())), data.draw(texts | st.just(())))
    model = GRU4Rec(catalog, ModelConfig(**EVERY[kind]), about)
    back = load(to_bytes(model))
    assert back.catalog == catalog
    assert back.about == about
    assert to_bytes(back) == to_bytes(model)


def test_the_same_model_gives_the_same_bytes() -> None:
    """Oracle: the bytes of a model made apart, its facts in another order."""
    one, other = random_model("two layers"), random_model("two layers")
    one.about, other.about = {"a": 1, "b": 2}, {"b": 2, "a": 1}
    assert to_bytes(one) == to_bytes(other)
    assert to_bytes(load(to_bytes(one))) == to_bytes(one)
    assert to_bytes(random_model("two layers", seed=1)) != to_bytes(one)


# --- the layout, as others may read it


def test_layout_by_another_reader() -> None:
    """Oracle: the safetensors library, and the names written out."""
    model = random_model("two feed-forward")
    tensors = safetensors.numpy.load(to_bytes(model))
    listing = json.loads(tensors.pop("catalog").tobytes())
    assert sorted(tensors) == [
        "embedding",
        *(f"feed_forward.{n}.{part}" for n in (0, 1) for part in ("bias", "weight")),
        *(f"layers.0.{letter}" for letter in "UWb"),
        "output.bias",
        "output.embedding",
    ]
    for name, array in tensors_of(model).items():
        np.testing.assert_array_equal(tensors[name], array)
    assert listing == {
        "ids": SEVEN,
        "titles": [f"Item {letter}" for letter in "ABCDEFG"],
        "categories": ["cameras", "books"] * 3 + ["cameras"],
    }
    facts = facts_of(to_bytes(model))
    assert facts == {
        "schema": 1,
        "written_by": gru_viz.__version__,
        "convention": {"z": "writes", "gate_order": "z,r,candidate"},
        "config": json.loads(json.dumps(model.config.to_dict())),
        "items": 7,
        "about": {"note": "two feed-forward"},
    }


def test_titles_and_categories_that_say_nothing_are_left_out() -> None:
    """Oracle: the one column that is left."""
    model = GRU4Rec(Catalog(("a", "é")), ModelConfig(units=(2,), embedding_dim=2))
    assert safetensors.numpy.load(to_bytes(model))["catalog"].tobytes() == '{"ids":["a","é"]}'.encode()


def test_expected_shapes_are_those_of_the_model(every_model: GRU4Rec) -> None:
    """Oracle: the tensors of a model that was built."""
    shapes = {name: array.shape for name, array in tensors_of(every_model).items()}
    assert expected_shapes(every_model.config, N_ITEMS) == shapes


# --- sources


def test_every_kind_of_source(tmp_path: Path) -> None:
    """Oracle: the same digest from each, hashlib's."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(SOUND)
    digest = hashlib.sha256(SOUND).hexdigest()
    read_before = io.BytesIO(SOUND)
    read_before.read()
    with path.open("rb") as opened:
        sources = [path, str(path), tmp_path, str(tmp_path), SOUND, io.BytesIO(SOUND), read_before, opened]
        for source in sources:
            assert load_checked(source).digest == content_hash(source) == digest


def test_messages_use_the_name_that_was_given(tmp_path: Path) -> None:
    """Oracle: the name, escaped; never the temporary path behind an upload."""
    for source, name, shown in (
        (b"", "mine.safetensors", "'mine.safetensors'"),
        (b"", "two\nlines", r"'two\nlines'"),
        (io.BytesIO(), None, "'the uploaded file'"),
        (tmp_path, None, "model.safetensors"),
    ):
        with pytest.raises(InputError) as caught:
            load(source, name)
        assert shown in str(caught.value)
        assert "\n" not in str(caught.value)


def test_paths_that_hold_no_checkpoint(tmp_path: Path) -> None:
    """Oracle: one line each; a device or a pipe is not even opened."""
    save(random_model(), tmp_path / "real.safetensors")
    (tmp_path / "link").symlink_to(tmp_path / "real.safetensors")
    os.mkfifo(tmp_path / "pipe")
    for path, fragment in (
        (tmp_path / "nowhere", "there is no file"),
        (tmp_path, "there is no file"),
        (tmp_path / "link", "symbolic link"),
        (tmp_path / "pipe", "not a plain file"),
        (Path("/dev/zero"), "not a plain file"),
        (tmp_path / "real.safetensors" / "below", "cannot read"),
        ("nul\0byte", "cannot read"),
        (tmp_path / ("x" * 300), "cannot read"),
    ):
        for read in (load, content_hash):
            with pytest.raises(InputError, match=fragment):
                read(path)


def test_the_size_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: one byte more than the cap, from every kind of source."""
    (tmp_path / "m.safetensors").write_bytes(SOUND)
    monkeypatch.setattr(stored, "MAX_FILE_BYTES", len(SOUND))
    sources = (tmp_path / "m.safetensors", SOUND, io.BytesIO(SOUND))
    for source in sources:
        load(source)
    monkeypatch.setattr(stored, "MAX_FILE_BYTES", len(SOUND) - 1)
    for source in sources:
        with pytest.raises(InputError, match="larger than"):
            load(source)


# --- writing


def test_saving_replaces_the_file_whole(tmp_path: Path) -> None:
    """Oracle: the folder holds the new file and nothing else."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"old")
    save(random_model(), str(path))
    assert path.read_bytes() == to_bytes(random_model())
    assert os.listdir(tmp_path) == ["model.safetensors"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_save_leaves_the_old_file(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: the folder as it was."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "model.safetensors"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, failing, full)
    with pytest.raises(InputError, match="No space left"):
        save(random_model(), path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["model.safetensors"]


def test_saving_into_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot write 'm\.safetensors'"):
        save(random_model(), tmp_path / "nowhere" / "m.safetensors")


@pytest.mark.parametrize(
    ("about", "fragment"),
    [
        ({"model": object()}, "cannot be written as JSON"),
        ({"loss": float("nan")}, "cannot be written as JSON"),
        ({"log": "x" * 70_000}, "shorten `about`"),
    ],
)
def test_facts_that_do_not_fit(about: dict[str, Any], fragment: str, tmp_path: Path) -> None:
    """Oracle: refused before anything is written, since it could not be read back."""
    model = random_model()
    model.about = about
    with pytest.raises(InputError, match=fragment):
        save(model, tmp_path / "m.safetensors")
    assert not os.listdir(tmp_path)


def test_half_a_surrogate_pair_is_not_text() -> None:
    model = GRU4Rec(Catalog(("a\ud800",)), ModelConfig(units=(1,), embedding_dim=1))
    with pytest.raises(InputError, match="not Unicode"):
        to_bytes(model)


# --- accepted, and said


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_is_read_as_float32(half: torch.dtype) -> None:
    """Oracle: torch's own conversion."""
    model = random_model().to(half)
    loaded = load_checked(to_bytes(model), "half.safetensors")
    for name, weight in loaded.model.state_dict().items():
        assert torch.equal(weight, model.state_dict()[name].float())
    (note,) = loaded.notes
    assert "read as float32" in note
    assert not loaded.warnings


def test_padding_after_the_header_is_allowed() -> None:
    """Oracle: the format's specification; tensors that start at an odd byte are read, too."""
    header, body = parts(SOUND)
    for spaces in range(9):
        padded = json.dumps(header).encode() + b" " * spaces
        assert to_bytes(load(join(padded, body))) == SOUND


def test_the_order_of_tensors_is_free() -> None:
    """Oracle: offsets decide, not the order in the header."""
    header, body = parts(SOUND)
    assert to_bytes(load(join(dict(reversed(header.items())), body))) == SOUND


@pytest.mark.parametrize(
    ("data", "fragment"),
    [
        (with_tensors(lambda t: t["embedding"].fill(0)), "every number in 'embedding' is 0"),
        (with_tensors(lambda t: t["layers.0.U"].fill(0.5)), "every number in 'layers.0.U' is 0.5"),
        (with_tensors(lambda t: t["output.bias"].__setitem__(0, -2e6)), "a weight of 2e+06"),
        (with_facts(lambda f: f.update(written_by="99.1")), "written by gru_viz '99.1', newer"),
    ],
    ids=["all zero", "constant", "huge", "newer"],
)
def test_what_a_person_should_confirm(data: bytes, fragment: str) -> None:
    """Oracle: the verdicts W: loaded, with one warning."""
    (warning,) = load_checked(data, "odd.safetensors").warnings
    assert fragment in warning
    assert warning.startswith("'odd.safetensors'")


@pytest.mark.parametrize("version", ["0.0.1", gru_viz.__version__, "", None, 3, "v?", "9" * 5000 + "x"])
def test_versions_that_need_no_crash(version: object) -> None:
    """Oracle: at most a warning, whatever stands there."""
    load_checked(with_facts(lambda f: f.update(written_by=version)))


# --- hostile files: each is refused in one line that tells what is wrong


def duplicate_key() -> bytes:
    header, body = parts(SOUND)
    text = json.dumps(header)
    entry = json.dumps(header["output.bias"])
    return join(f'{text[:-1]}, "output.bias": {entry}}}'.encode(), body)


def hole() -> bytes:
    """The last tensor 4 bytes further on, over 4 bytes more."""
    header, body = parts(SOUND)
    last = max(
        (entry for key, entry in header.items() if key != "__metadata__"), key=lambda e: e["data_offsets"]
    )
    last["data_offsets"] = [offset + 4 for offset in last["data_offsets"]]
    return join(header, body + bytes(4))


def overlap() -> bytes:
    """output.bias read from where embedding lies."""
    return with_header(lambda h: h["output.bias"].update(data_offsets=[0, 28]))


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("model.safetensors", SOUND)
    return buffer.getvalue()


def saved(write: Callable[[io.BytesIO], Any]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def renamed(old: str, new: str) -> Callable[[dict[str, np.ndarray]], Any]:
    return lambda tensors: tensors.update({new: tensors.pop(old)})


def entry(name: str, **fields: Any) -> bytes:
    return with_header(lambda header: header[name].update(fields))


def config(**values: Any) -> bytes:
    return with_facts(lambda facts: facts["config"].update(values))


def convention(**values: Any) -> bytes:
    return with_facts(lambda facts: facts["convention"].update(values))


def tensor(name: str, array: Any) -> bytes:
    return with_tensors(lambda tensors: tensors.update({name: np.ascontiguousarray(array)}))


NAN = np.full((N_ITEMS, 4), 0.5, np.float32)
NAN[2, 1] = np.nan
NAN[0, 0] = -np.inf

HOSTILE: dict[str, tuple[bytes, str]] = {
    # C1–C10: the file
    "empty": (b"", "is empty"),
    "one byte": (SOUND[:1], "cut off after 1 byte;"),
    "seven bytes": (SOUND[:7], "cut off after 7 bytes"),
    "five letters": (b"hello", "is not a .safetensors file; choose"),
    "the start of a zip": (b"PK\x03\x04\x14", "a zip archive"),
    "header cut off": (SOUND[:100], "its header needs"),
    "tensors cut off": (SOUND[:-1], "its tensors need"),
    "no tensors' bytes": (join(parts(SOUND)[0], b""), "its tensors need"),
    "trailing bytes": (SOUND + b"\0\0\0", "3 bytes after its last tensor"),
    "header of 2^62 bytes": ((2**62).to_bytes(8, "little") + SOUND[8:], "header claims 4,611,686"),
    "header over the cap": (
        join(json.dumps({f"t{n}": {} for n in range(9000)}).encode(), b""),
        "at most 65,536 are read",
    ),
    "overlap": (overlap(), "overlaps"),
    "hole": (hole(), "leaves a hole after"),
    "duplicate key": (duplicate_key(), "key 'output.bias' stands there twice"),
    "a .pt": (saved(lambda f: torch.save({"w": torch.zeros(1)}, f)), "never opens pickles"),
    "an old .pt": (
        saved(lambda f: torch.save(torch.zeros(1), f, _use_new_zipfile_serialization=False)),
        "a Python pickle",
    ),
    "a pickle": (pickle.dumps({"weights": [0.0] * 9}), "python -m gru_viz convert"),
    "an .npz": (saved(lambda f: np.savez(f, w=np.zeros(3))), "a zip archive"),
    "an .npy": (saved(lambda f: np.save(f, np.zeros(3))), "a NumPy array"),
    "a zip": (zipped(), "a zip archive"),
    "a tar": (b"m.safetensors".ljust(257, b"\0") + b"ustar\x0000" + bytes(512), "a tar archive"),
    "a gzip": (b"\x1f\x8b\x08" + bytes(40), "a gzip file"),
    "an HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(40), "an HDF5 file"),
    "an LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "git lfs pull"),
    "a web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "random text": (b"session,item,time\n1,2,3\n", "is not a .safetensors file; choose"),
    # the header's own form
    "not JSON": (join(b"{nope", b""), "not valid JSON"),
    "not UTF-8": (join(b'{"\xff": 1}', b""), "not UTF-8 at byte"),
    "not an object": (join(b"[]", b""), "not a JSON object"),
    "a number": (join(b"7", b""), "not a JSON object"),
    "no header": (bytes(8), "not valid JSON"),
    "nested without end": (join(b'{"a":' * 10_000, b""), "nested too deeply"),
    "NaN in the header": (join(b'{"a": NaN}', b""), "NaN is not a JSON number"),
    "a number of 5,000 digits": (join(b'{"a": ' + b"9" * 5000 + b"}", b""), "not valid JSON"),
    "entry is no table": (with_header(lambda h: h.update(embedding=3)), "needs exactly dtype"),
    "entry lacks its shape": (with_header(lambda h: h["embedding"].pop("shape")), "needs exactly dtype"),
    "entry knows more": (entry("embedding", device="cuda"), "needs exactly dtype"),
    "shape is a text": (entry("embedding", shape="7,4"), "not whole numbers"),
    "shape is negative": (entry("embedding", shape=[-7, -4]), "not whole numbers"),
    "shape is fractional": (entry("embedding", shape=[7.0, 4]), "not whole numbers"),
    "shape is true": (entry("output.bias", shape=[True]), "not whole numbers"),
    "three offsets": (entry("embedding", data_offsets=[0, 1, 2]), "not whole numbers"),
    "offsets backwards": (entry("embedding", data_offsets=[112, 0]), "its offsets span '-112'"),
    "a shape of 400 GB": (entry("embedding", shape=[10**11]), "needs '400000000000' bytes"),
    "a shape beyond 64 bits": (entry("embedding", shape=[2**40, 2**40]), "bytes"),
    "offsets beyond the file": (entry("embedding", shape=[2**40], data_offsets=[0, 2**42]), "'embedding'"),
    # C11–C16: values
    "NaN": (tensor("embedding", NAN), "tensor 'embedding' holds 2 NaN or infinite numbers of 28"),
    "infinite half": (tensor("output.bias", np.full(7, np.inf, np.float16)), "7 NaN or infinite"),
    "int": (tensor("embedding", np.zeros((7, 4), np.int32)), "holds I32 numbers, expected F32"),
    "bool": (tensor("output.bias", np.zeros(7, bool)), "holds BOOL numbers"),
    "complex": (tensor("output.bias", np.zeros(7, np.complex64)), "holds C64 numbers"),
    "fp8": (with_header(lambda h: h["output.bias"].update(dtype="F8_E5M2", shape=[28])), "F8_E5M2 numbers"),
    "unknown number type": (entry("embedding", dtype="F12"), "unknown number type 'F12'"),
    "number type is a list": (entry("embedding", dtype=["F32"]), "unknown number type"),
    "mixed precision": (tensor("output.bias", np.zeros(7)), "mixes F64"),
    "zero-size": (tensor("embedding", np.zeros((7, 0), np.float32)), "holds no number"),
    # C17–C24: structure
    "missing tensor": (with_tensors(lambda t: t.pop("layers.0.U")), "lacks 'layers.0.U'"),
    "extra tensor": (tensor("optimizer", np.zeros(1, np.float32)), "has unexpected 'optimizer'"),
    "many extra tensors": (
        with_tensors(lambda t: t.update({f"x{n}": np.zeros(1, np.float32) for n in range(20)})),
        "and 14 more",
    ),
    "no tensors at all": (join({"__metadata__": parts(SOUND)[0]["__metadata__"]}, b""), "lacks 'embedding'"),
    "a name without end": (tensor("n" * 9000, np.zeros(1, np.float32)), "n…'"),
    "wrong rank": (
        tensor("embedding", np.zeros(28, np.float32)),
        "'embedding' should have shape '[7, 4]', got '[28]'",
    ),
    "transposed": (tensor("layers.0.W", np.ones((4, 15), np.float32)), "(3 gates × units), got '[4, 15]'"),
    "hidden is not gates × units": (tensor("layers.0.b", np.ones(20, np.float32)), "shape '[15]'"),
    "an LSTM's four gates": (tensor("layers.0.U", np.ones((20, 5), np.float32)), "3 gates × units"),
    "gate order not declared": (
        with_facts(lambda f: f["convention"].pop("gate_order")),
        "'gate_order' is not declared",
    ),
    "gate order of PyTorch": (convention(gate_order="r,z,n"), "is 'r,z,n', expected 'z,r,candidate'"),
    "z keeps": (convention(z="keeps"), "'z' is 'keeps', expected 'writes'"),
    "reset not declared": (with_facts(lambda f: f["config"].pop("reset")), "does not declare 'reset'"),
    "another reset": (config(reset="before"), "has unexpected 'layers.0.c'"),
    "unknown reset": (config(reset="sideways"), "reset must be one of"),
    "units not declared": (with_facts(lambda f: f["config"].pop("units")), "does not declare 'units'"),
    "gap in layers": (
        with_tensors(
            lambda t: [renamed(f"layers.1.{letter}", f"layers.2.{letter}")(t) for letter in "WUb"], DEEP
        ),
        "lacks 'layers.1.W', 'layers.1.U', 'layers.1.b' and has unexpected 'layers.2",
    ),
    "a layer more than declared": (with_facts(lambda f: f["config"].update(units=[5]), DEEP), "'layers.1."),
    "tied, with an own output": (
        with_tensors(lambda t: t.update({"output.embedding": t["embedding"] + 1}), TIED),
        "ties the output embedding",
    ),
    "tied, yet of another size": (config(output="tied"), "tied output embedding"),
    "own output that is not there": (
        with_facts(lambda f: f["config"].update(output="own"), TIED),
        "lacks 'output.embedding'",
    ),
    "unknown cell": (config(cell="transformer"), "cell must be one of"),
    "unknown setting": (config(beam_width=4), "unknown model settings"),
    "units are a number": (config(units=5), "wrong type"),
    "units are fractional": (config(units=[5.0]), "whole number"),
    "100 layers": (config(units=[5] * 100), "and 390 more for a model of 100 layer"),
    "20,000 layers": (config(units=[5] * 20_000), "at most 100 recurrent"),
    "units beyond measure": (config(units=[10**30]), "should have shape"),
    "metadata absent": (with_header(lambda h: h.pop("__metadata__")), "comes from another program"),
    "metadata of another program": (
        with_header(lambda h: h.update(__metadata__={"format": "pt"})),
        "comes from another program",
    ),
    "metadata is no table of texts": (
        with_header(lambda h: h.update(__metadata__={"gru_viz": {"schema": 1}})),
        "not a table of texts",
    ),
    "metadata is a list": (with_header(lambda h: h.update(__metadata__=[])), "not a table of texts"),
    "metadata is not JSON": (
        with_header(lambda h: h["__metadata__"].update(gru_viz="{")),
        "metadata is not valid JSON",
    ),
    "metadata is a JSON list": (
        with_header(lambda h: h["__metadata__"].update(gru_viz="[]")),
        "schema 'None'",
    ),
    "metadata nested without end": (
        with_header(lambda h: h["__metadata__"].update(gru_viz="[" * 30_000)),
        "nested too deeply",
    ),
    "metadata says a thing twice": (
        with_header(lambda h: h["__metadata__"].update(gru_viz='{"schema": 1, "schema": 1}')),
        "key 'schema' stands there twice",
    ),
    "metadata of half a surrogate": (
        with_header(lambda h: h["__metadata__"].update(gru_viz="\ud800")),
        "metadata is not valid JSON",
    ),
    "schema 2": (with_facts(lambda f: f.update(schema=2)), "schema '2'"),
    "schema true": (with_facts(lambda f: f.update(schema=True)), "schema 'True'"),
    "schema absent": (with_facts(lambda f: f.pop("schema")), "schema 'None'"),
    "config is a list": (with_facts(lambda f: f.update(config=[])), "'config' in the metadata should be"),
    "convention absent": (with_facts(lambda f: f.pop("convention")), "'convention' in the metadata"),
    "about is a text": (with_facts(lambda f: f.update(about="good")), "'about' in the metadata"),
    "items is true": (with_facts(lambda f: f.update(items=True)), "'items' in the metadata"),
    # C25–C28: the catalogue
    "no catalogue": (with_tensors(lambda t: t.pop("catalog")), "lacks the tensor 'catalog'"),
    "catalogue of floats": (tensor("catalog", np.zeros(4, np.float32)), "should be a row of U8"),
    "catalogue is a matrix": (tensor("catalog", np.zeros((2, 2), np.uint8)), "should be a row of U8"),
    "catalogue is not JSON": (with_catalog("ids"), "catalogue is not valid JSON"),
    "catalogue is not UTF-8": (with_catalog(b'{"ids": ["\xff"]}'), "not UTF-8 at byte 10"),
    "catalogue nested without end": (with_catalog("[" * 100_000), "nested too deeply"),
    "catalogue without ids": (with_catalog('{"titles": ["a"]}'), "needs 'ids'"),
    "catalogue knows more": (with_catalog(ids(*SEVEN, prices=[1])), "needs 'ids', and may have"),
    "catalogue is a list": (with_catalog(json.dumps(SEVEN)), "needs 'ids'"),
    "ids are numbers": (with_catalog(ids(*range(7))), "'ids' in the catalogue is not a list of texts"),
    "titles are a text": (with_catalog(ids(*SEVEN, titles="abcdefg")), "'titles' in the catalogue"),
    "half a surrogate": (with_catalog(ids(*SEVEN[:6], "\ud800")), "not a list of texts"),
    "an id too few": (with_catalog(ids(*SEVEN[:6])), "names 6 items, the model scores 7"),
    "an id twice": (with_catalog(ids(*SEVEN[:6], "id-0")), "'id-0' is in the catalogue twice"),
    "a title too few": (with_catalog(ids(*SEVEN, titles=["A"])), "7 ids, 1 titles"),
    "no items": (with_facts(lambda f: f.update(items=0)), "should have shape '[0, 4]'"),
    "another number of items": (with_facts(lambda f: f.update(items=8)), "should have shape '[8, 4]'"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files(case: str) -> None:
    """Oracle: the verdict E: InputError, one printable line, with the file's name and what is wrong."""
    data, fragment = HOSTILE[case]
    with pytest.raises(InputError) as caught:
        load(data, "bad.safetensors")
    message = str(caught.value)
    assert fragment in message
    assert "'bad.safetensors'" in message
    assert message.isprintable()
    assert len(message) < 450


def test_refused_before_any_tensor_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: with tensors and models out of reach, every verdict but those on values is the same."""

    def out_of_reach(*_: object, **__: object) -> None:
        raise AssertionError("a tensor was built")

    for place, name in ((checkpoint, "stored_array"), (checkpoint, "GRU4Rec"), (torch, "from_numpy")):
        monkeypatch.setattr(place, name, out_of_reach)
    for case, (data, _) in HOSTILE.items():
        if case not in ("NaN", "infinite half"):
            with pytest.raises(InputError):
                load(data)


# --- fuzz: whatever is done to a file, it loads or it is refused


def loads_or_is_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        record(load(data), [0])


EDITS = st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6)
IN_HEADER = st.lists(st.tuples(st.integers(0, 900), st.sampled_from(b'0123456789-.eE{}[]",:\\ntu\x00\xff')))


@settings(max_examples=300)
@given(EDITS | IN_HEADER)
@example([(0, 0)])
def test_flipped_bytes(edits: list[tuple[int, int]]) -> None:
    """Oracle: no exception but InputError."""
    data = bytearray(SOUND)
    for place, byte in edits:
        data[place] = byte
    loads_or_is_refused(bytes(data))


@settings(max_examples=300)
@given(st.integers(0, len(SOUND)), st.integers(0, len(SOUND)), st.binary(max_size=40))
def test_cut_and_spliced_bytes(start: int, end: int, spliced: bytes) -> None:
    """Oracle: no exception but InputError; a file that was only cut is always refused."""
    if start < len(SOUND):
        with pytest.raises(InputError):
            load(SOUND[:start])
    loads_or_is_refused(SOUND[:start] + spliced + SOUND[end:])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [p for key, child in inner for p in places(child, (*path, key))]


ODD_JSON = JSON | st.sampled_from([2**63, -1, 10**400, 1e308, True, [], {}, "", "\ud800", [[]], [None]])


@settings(max_examples=300)
@given(st.data(), ODD_JSON, st.booleans())
def test_odd_values_in_the_header_and_the_metadata(data: st.DataObject, odd: Any, in_facts: bool) -> None:
    """Oracle: no exception but InputError, whatever JSON stands in any one place."""

    def change(table: dict[str, Any]) -> None:
        *path, last = data.draw(st.sampled_from(places(table)))
        for key in path:
            table = table[key]
        table[last] = odd

    loads_or_is_refused(with_facts(change) if in_facts else with_header(change))


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    """Oracle: no exception but InputError; also as a header of the right length."""
    loads_or_is_refused(data)
    loads_or_is_refused(join(b"{" + data, b""))


def test_the_header_is_read_without_torch() -> None:
    """Oracle: the module's own names; `convert` uses it on files of other programs."""
    header = safetensors_header.read_header(SOUND, "'m'")
    assert header.tensors["embedding"].shape == (7, 4)
    assert header.tensors["embedding"].dtype == "F32"
    assert "gru_viz" in header.metadata
    assert not hasattr(safetensors_header, "torch")
