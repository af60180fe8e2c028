"""What regions cost, as multiples of one forward and one backward pass to the same layers."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import torch

from analysis.networks.replay import replaying
from analysis.regions import explain
from analysis.regions.capture import Capture, capture
from analysis.regions.finding import layer_regions
from analysis.regions.results import LayerRegions
from analysis.regions.settings import RegionSettings
from tests.benchmarks.networks import fastest, inputs, network, photos, plain_pass
from tests.benchmarks.tables import Cell, publish

pytestmark = pytest.mark.benchmark_table
CASES = [(name, batch) for name in ("vgg16", "resnet50", "efficientnet_lite0") for batch in (1, 16)]
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def all_regions(captured: Capture, side: int) -> list[LayerRegions]:
    """The regions of every photo and layer of a pass."""
    return [
        layer_regions(layer, maps[place], captured.gradients[layer][place], RegionSettings(), side)
        for layer, maps in captured.activations.items()
        for place in range(len(maps))
    ]


def test_regions_beside_a_plain_pass() -> None:
    rows: list[dict[str, Cell]] = []
    for name, count in CASES:
        net, side = network(name), network(name).preprocessing.crop
        batch = inputs(net, count)
        captured = capture(net.module, batch, net.default_layers)
        plain, capturing, finding = fastest(
            partial(plain_pass, net, batch),
            partial(capture, net.module, batch, net.default_layers),
            partial(all_regions, captured, side),
        )
        rows.append(
            {
                "network": name,
                "batch": count,
                "plain seconds": plain,
                "capture x": capturing / plain,
                "clustering x": finding / plain,
                "together x": (capturing + finding) / plain,
            }
        )
    publish("cost", rows, "Nine layers, one thread, CPU seconds; x: multiples of the plain pass.")


@pytest.mark.skipif(sys.platform != "linux", reason="Memory is read from /proc.")
def test_peak_memory_beside_a_plain_pass() -> None:
    rows: list[dict[str, Cell]] = []
    for name, count in CASES:
        plain, regions = (peak(name, count, work) for work in ("plain", "regions"))
        rows.append(
            {"network": name, "batch": count, "plain MB": plain, "regions MB": regions, "x": regions / plain}
        )
    publish("memory", rows, "Growth of the resident set, each in a process of its own.")


def peak(name: str, count: int, work: str) -> float:
    """Megabytes that a process grows by."""
    program = f"from tests.benchmarks.test_cost import grow; print(grow({name!r}, {count}, {work!r}))"
    returning = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}  # what is freed
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **returning},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def grow(name: str, count: int, work: str) -> float:
    """Do the work once, after a small one, and say by how many megabytes the process grew."""
    torch.set_num_threads(1)
    net = network(name)
    side = net.preprocessing.crop
    batch = inputs(net, count)
    all_regions(capture(net.module, torch.zeros(1, 3, side, side), net.default_layers[-1:]), side)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = resident("VmRSS")
    if work == "plain":
        plain_pass(net, batch)
    else:
        all_regions(capture(net.module, batch, net.default_layers), side)
    return resident("VmHWM") - before


def resident(what: str) -> float:
    """Megabytes of this process's memory, now or at its peak, as Linux counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (found,) = [line for line in lines if line.startswith(what)]
    return int(found.split()[1]) / 1024


def test_partial_passes_beside_full_ones() -> None:
    net = network("efficientnet_lite0")
    photo = inputs(net, 1)
    captured = capture(net.module, photo, net.default_layers)
    rows: list[dict[str, Cell]] = []
    with replaying(net.module, photo[0], net.default_layers) as replay, torch.inference_mode():
        full_rows = photo.expand(8, -1, -1, -1).contiguous()
        for layer in net.default_layers:
            maps = captured.activations[layer].expand(8, -1, -1, -1)
            maps = maps.contiguous(memory_format=torch.channels_last)  # as effects are measured on a CPU
            full, rest = fastest(partial(net.module, full_rows), partial(replay.run, layer, maps))
            rows.append({"layer": layer, "full seconds": full, "partial x": rest / full})
    publish("partial", rows, "Eight rows of EfficientNet-Lite0 from each layer on.")


@pytest.mark.parametrize("name", ["efficientnet_lite0", "squeezenet1_1"])
def test_presets_and_measures_beside_a_plain_pass(name: str) -> None:
    net = network(name)
    photo = photos()[0]
    batch = net.preprocessing.tensor(photo)[None]
    (plain,) = fastest(partial(plain_pass, net, batch))
    rows: list[dict[str, Cell]] = []
    for preset in ("faithful", "paper", "integrated"):
        seconds = explain(net, photo, RegionSettings(preset=preset, stability=preset == "faithful")).seconds
        rows.append(
            {
                "preset": preset,
                "capture x": seconds.capture / plain,
                "clustering x": seconds.clustering / plain,
                "effects x": seconds.effect / plain,
                "stability x": seconds.stability / plain or None,
            }
        )
    publish(f"presets-{name}", rows, "One photo, one run, wall time; stability: five noisy copies.")
