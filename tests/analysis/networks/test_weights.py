"""Weights from files that nobody needs to trust."""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from analysis.networks.errors import NetworkError
from analysis.networks.weights import fit_state, read_state
from tests.analysis.networks.tiny import chain, seeded

State = dict[str, Tensor]


def state() -> State:
    return dict(seeded(chain(), seed=3).state_dict())


class Malicious:
    """Creates a file when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.proof,)


GOOD: dict[str, Callable[[Path], object]] = {
    "plain": lambda path: torch.save(state(), path),
    "ordered": lambda path: torch.save(OrderedDict(state()), path),
    "wrapped": lambda path: torch.save({"epoch": 7, "state_dict": state()}, path),
    "parallel": lambda path: torch.save({f"module.{key}": one for key, one in state().items()}, path),
    "half": lambda path: torch.save({key: one.double() for key, one in state().items()}, path),
}
BAD: dict[str, Callable[[Path], object]] = {
    "pickled module": lambda path: torch.save(chain(), path),
    "plain pickle": lambda path: path.write_bytes(pickle.dumps({"a": [1, 2]})),
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 20),
    "empty": lambda path: path.write_bytes(b""),
    "a list": lambda path: torch.save([1, 2], path),
    "no tensors": lambda path: torch.save({"weight": "heavy"}, path),
    "nothing": lambda path: torch.save({}, path),
}


@pytest.mark.parametrize("kind", GOOD)
def test_it_reads_a_state_dict(kind: str, tmp_path: Path) -> None:
    GOOD[kind](tmp_path / "weights.pt")
    module = chain()
    fit_state(module, read_state(tmp_path / "weights.pt"), "chain")
    for key, value in module.state_dict().items():
        torch.testing.assert_close(value, state()[key])


def test_it_reads_safetensors(tmp_path: Path) -> None:
    save_file(state(), tmp_path / "weights.safetensors")
    assert read_state(tmp_path / "weights.safetensors").keys() == state().keys()


@pytest.mark.parametrize("kind", BAD)
def test_it_refuses_anything_else(kind: str, tmp_path: Path) -> None:
    BAD[kind](tmp_path / "weights.pt")
    with pytest.raises(NetworkError, match=r"state_dict\(\)"):
        read_state(tmp_path / "weights.pt")


def test_it_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="no weights file"):
        read_state(tmp_path / "weights.pt")


@pytest.mark.parametrize("name", ["weights.pt", "weights.safetensors"])
def test_it_refuses_a_truncated_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    save_file(state(), path) if name.endswith("safetensors") else torch.save(state(), path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(NetworkError, match=r"broken|whole"):
        read_state(path)


@pytest.mark.parametrize("save", [torch.save, lambda content, path: path.write_bytes(pickle.dumps(content))])
def test_it_never_runs_pickled_code(save: Callable[[object, Path], object], tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    save({"state_dict": Malicious(proof)}, tmp_path / "weights.pt")
    with pytest.raises(NetworkError):
        read_state(tmp_path / "weights.pt")
    assert not proof.exists()


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_it_refuses_what_is_not_a_number(wrong: float, tmp_path: Path) -> None:
    broken = state()
    broken["7.bias"][1] = wrong
    torch.save(broken, tmp_path / "weights.pt")
    with pytest.raises(NetworkError, match=r"not numbers, in 7\.bias"):
        read_state(tmp_path / "weights.pt")


def test_it_refuses_another_architecture() -> None:
    other = nn.Sequential(nn.Linear(4, 2))
    with pytest.raises(NetworkError, match=r"do not fit chain: .* entries are missing"):
        fit_state(chain(), dict(other.state_dict()), "chain")


def test_it_refuses_another_shape() -> None:
    wrong = state() | {"7.bias": torch.zeros(9)}
    with pytest.raises(NetworkError, match=r"1 of its .*first: 7\.bias"):
        fit_state(chain(), wrong, "chain")


def test_old_files_without_batch_counts_are_read() -> None:
    old = {key: value for key, value in state().items() if not key.endswith("num_batches_tracked")}
    fit_state(chain(), old, "chain")


def test_it_refuses_a_small_file_that_claims_a_huge_tensor(tmp_path: Path) -> None:
    path = tmp_path / "small.pt"
    torch.save({"weight": torch.zeros(1).expand(10**6, 10**6)}, path)
    assert path.stat().st_size < 10_000
    with pytest.raises(NetworkError, match="claims more values than it holds"):
        read_state(path)
