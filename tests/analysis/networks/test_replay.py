"""A partial forward pass gives what the whole network gives, at every layer of every family."""

import pytest
import torch
from torch import Tensor, nn

from analysis.networks.calls import calls_watched
from analysis.networks.errors import NetworkError
from analysis.networks.layers import Layer, find_layers, split_name
from analysis.networks.outputs import logits_of
from analysis.networks.replay import replaying
from tests.analysis.networks.families import FAMILIES, STEPS, family, fingerprint, photos_for
from tests.analysis.networks.tiny import Functional, chain, seeded


def masked_whole(module: nn.Module, photo: Tensor, layer: Layer, masks: Tensor) -> Tensor:
    """A forward pass of everything, for comparison."""
    name, wanted = split_name(layer.name)

    def mask(name: str, call: int, output: object) -> Tensor | None:
        if call != wanted:
            return None
        assert isinstance(output, Tensor)
        if getattr(layer.module, "inplace", False):
            output.mul_(masks)  # whoever holds this tensor sees it
            return None
        return layer.form.from_maps(layer.form.to_maps(output) * masks, output[:1])

    with torch.no_grad(), calls_watched({name: module.get_submodule(name)}, mask):
        return logits_of(module(photo.expand(len(masks), -1, -1, -1).clone()))


def assert_replayed(module: nn.Module, photo: Tensor, layers: list[Layer]) -> None:
    with replaying(module, photo[0], [layer.name for layer in layers]) as replay, torch.no_grad():
        for layer in layers:
            maps = replay.maps(layer.name)
            masks = torch.ones(3, maps.shape[1], 1, 1, dtype=maps.dtype)
            masks[1, ::2], masks[2] = 0, 0
            rows = maps * masks
            before = rows.clone()
            found = replay.run(layer.name, rows)
            expected = masked_whole(module, photo, layer, masks)
            error = (found - expected).abs().max() / expected.abs().max()
            assert error < 1e-9, layer.name
            torch.testing.assert_close(found[:1], replay.logits, rtol=1e-9, atol=1e-9)
            assert torch.equal(rows, before)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_layer_of_every_family(name: str) -> None:
    module, photo = family(name), photos_for(name)
    layers = list(find_layers(module, photo))
    before = fingerprint(module)
    assert_replayed(module, photo, layers[:: STEPS.get(name, 1)])
    assert fingerprint(module) == before


class Odd(nn.Module):
    """What networks do that makes skipping hard, one after the other."""

    def __init__(self, *, views: bool = False) -> None:
        super().__init__()
        self.views = views
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.first = nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(8, 8, 3, padding=1), nn.Sigmoid())
        self.second = nn.Sequential(nn.Identity(), nn.Conv2d(8, 8, 1), self.relu)
        self.split = Split()
        self.last = nn.Conv2d(16, 8, 1)
        self.head = nn.Linear(8, 4)

    def forward(self, photos: Tensor) -> dict[str, object]:
        maps = self.norm(self.stem(photos))
        self.relu(maps)  # in place, and what it returns is ignored
        side = maps - 1
        maps = self.norm(maps) + self.first(side)  # the first part of `first` changes `side`
        left, right = self.split(maps)["halves"]
        left += side
        maps = self.last(torch.cat([self.second(left), right], dim=1))
        maps = maps + 2 * self.second(side) * self.relu(maps.clone())
        rows = maps.view(-1, *maps.shape[2:]) if self.views else maps.flatten(0, 1)
        pooled = rows.mean((1, 2)).view(len(photos), -1)
        return {"aux": pooled[:, :2], "logits": self.head(pooled), "name": "odd"}


class Split(nn.Module):
    """Gives something nested."""

    def forward(self, maps: Tensor) -> dict[str, object]:
        return {"halves": (maps + 1, maps * 2), "nothing": None}


@pytest.mark.parametrize("make", [Odd, chain, Functional, lambda: Odd(views=True)])
def test_in_place_operations_views_shared_modules_and_nested_outputs(make: type[nn.Module]) -> None:
    module = seeded(make()).double()
    photo = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(3)).double()
    layers = list(find_layers(module, photo))
    assert len(layers) >= 4
    before = fingerprint(module)
    assert_replayed(module, photo, layers)
    assert fingerprint(module) == before


def test_only_what_follows_is_run() -> None:
    module, ran = seeded(chain()), list[str]()
    parts = {name: part for name, part in module.named_modules() if name}

    def note(name: str, call: int, output: object) -> None:
        ran.append(name)

    with replaying(module, torch.rand(3, 16, 16), ["2"]) as replay, calls_watched(parts, note):
        replay.run("2", replay.maps("2"))
    assert ran == ["3", "4", "5", "6", "7"]


def test_gradients_flow_to_the_maps() -> None:
    module = seeded(Functional()).double()
    with replaying(module, torch.rand(3, 16, 16).double(), ["relu#1"]) as replay:
        maps = replay.maps("relu#1").repeat(2, 1, 1, 1).requires_grad_()
        (slope,) = torch.autograd.grad(replay.run("relu#1", maps)[:, 0].sum(), maps)
    assert slope.abs().sum() > 0


class Full(nn.Module):
    """Says that memory is used up where there are several rows."""

    def __init__(self, error: RuntimeError) -> None:
        super().__init__()
        self.inner = chain()
        self.error = error
        self.tries = 0

    def forward(self, photos: Tensor) -> Tensor:
        logits: Tensor = self.inner(photos)
        if len(photos) > 1:
            self.tries += 1
            raise self.error
        return logits


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), 1),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"), 1),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes"), 1),
        (RuntimeError("The size of tensor a must match the size of tensor b"), 3),
    ],
)
def test_too_little_memory_is_no_reason_to_want_more(error: RuntimeError, tries: int) -> None:
    module = Full(error)
    with replaying(seeded(module), torch.rand(3, 16, 16), ["inner.2"]) as replay:
        with pytest.raises(type(error)) as raised:
            replay.run("inner.2", replay.maps("inner.2").repeat(2, 1, 1, 1))
        assert raised.value is error
    assert module.tries == tries


class Explodes(Odd):
    """Fails at the end of a pass over several photos."""

    def forward(self, photos: Tensor) -> dict[str, object]:
        found = super().forward(photos)
        if len(photos) > 1:
            raise KeyError("boom")
        return found


def test_the_network_comes_back_after_an_exception() -> None:
    module = seeded(Explodes()).train()
    module.get_submodule("norm").eval()
    module.get_parameter("head.bias").requires_grad_(False)
    before = fingerprint(module)
    with pytest.raises(KeyError, match="boom"), replaying(module, torch.rand(3, 16, 16), ["last"]) as replay:
        replay.run("last", replay.maps("last").repeat(2, 1, 1, 1))
    assert fingerprint(module) == before
    with pytest.raises(RuntimeError), replaying(module, torch.rand(2, 16, 16), ["last"]):
        pass
    assert fingerprint(module) == before


def test_a_layer_that_is_not_there() -> None:
    module = seeded(chain())
    with (
        replaying(module, torch.rand(3, 16, 16), ["6"]) as replay,
        pytest.raises(NetworkError, match="6 gives"),
    ):
        replay.run("6", torch.rand(1, 16, 1, 1))


class Table(nn.Module):
    """Adds a bias for each row of a table of its own, which it refuses to hold several times."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Linear(1, 4)
        self.maps = nn.Conv2d(3, 4, 1)

    def forward(self, photos: Tensor) -> Tensor:
        table = self.bias(torch.linspace(0, 1, 16, dtype=photos.dtype)[None, :, None]).view(16, 4)
        logits: Tensor = (self.maps(photos).relu() + table.T[:, :, None]).mean((2, 3))
        return logits


def test_what_all_photos_share_is_no_layer_and_no_obstacle() -> None:
    module, photo = seeded(Table()).double(), torch.rand(1, 3, 16, 16).double()
    layers = list(find_layers(module, photo))
    assert [layer.name for layer in layers] == ["maps"]
    assert_replayed(module, photo, layers)


class Keeping(nn.Module):
    """Keeps the maps of its stem as an attribute, and looks at them much later."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = Kept()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), self.kept)
        self.second = nn.Conv2d(8, 8, 3, padding=1)
        self.head = nn.Linear(8, 3)

    def forward(self, photos: Tensor) -> Tensor:
        maps = self.second(self.stem(photos)).relu() + 2 * self.kept.maps
        logits: Tensor = self.head(maps.mean((2, 3)))
        return logits


class Kept(nn.Module):
    def forward(self, maps: Tensor) -> Tensor:
        self.maps = maps.relu()
        return self.maps


def test_a_module_that_keeps_tensors_between_calls() -> None:
    module, photo = seeded(Keeping()).double(), torch.rand(1, 3, 16, 16).double()
    layers = list(find_layers(module, photo))
    assert [layer.name for layer in layers] == ["stem.0", "kept", "second"]
    assert_replayed(module, photo, [layers[0], layers[2]])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_rows_of_another_precision(dtype: torch.dtype) -> None:
    module, photo = seeded(chain()).to(dtype), torch.rand(3, 16, 16).to(dtype)
    with replaying(module, photo, ["2"]) as replay:
        found = replay.run("2", replay.maps("2").double().repeat(2, 1, 1, 1))
        torch.testing.assert_close(found, replay.logits.expand(2, -1), rtol=0.02, atol=0.02)


class Borrowing(nn.Module):
    """Calls a part of another part, so that names do not tell who calls whom."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = nn.ModuleDict({"maps": nn.Conv2d(8, 8, 1)})
        self.block = Borrower(self.owner["maps"])
        self.stem = nn.Conv2d(3, 8, 1)
        self.head = nn.Linear(8, 3)

    def forward(self, photos: Tensor) -> Tensor:
        logits: Tensor = self.head(self.block(self.stem(photos)).mean((2, 3)))
        return logits


class Borrower(nn.Module):
    def __init__(self, borrowed: nn.Module) -> None:
        super().__init__()
        self.__dict__["borrowed"] = borrowed
        self.before = nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        found: Tensor = maps + self.__dict__["borrowed"](self.before(maps))
        return found


def test_a_layer_that_another_part_calls() -> None:
    module, photo = seeded(Borrowing()).double(), torch.rand(1, 3, 16, 16).double()
    layers = list(find_layers(module, photo))
    assert [layer.name for layer in layers] == ["stem", "block.before", "owner.maps", "block"]
    assert_replayed(module, photo, layers)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_comes_back_after_an_exception(name: str) -> None:
    module, photo = family(name), photos_for(name)
    layer = find_layers(module, photo)[2].name
    head = [part for part in module.modules() if isinstance(part, nn.Linear | nn.Conv2d)][-1]
    before = fingerprint(module)
    with replaying(module, photo[0], [layer]) as replay:
        handle = head.register_forward_hook(_explode)
        with pytest.raises(KeyError, match="boom"):
            replay.run(layer, replay.maps(layer))
    with pytest.raises(KeyError, match="boom"), replaying(module, photo[0], [layer]):
        pass
    with pytest.raises(KeyError, match="boom"):
        find_layers(module, photo)
    handle.remove()
    assert fingerprint(module) == before


def _explode(_module: nn.Module, _inputs: object, _output: object) -> None:
    raise KeyError("boom")
