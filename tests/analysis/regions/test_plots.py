import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import pytest

from analysis.regions.plots import COLOURS, LayerFidelity, fidelity_plot

LAYERS = [
    LayerFidelity("features.3", -0.2, -0.5, 0.1, 12),
    LayerFidelity("<script>$x^2$&", 0.5, None, None, 1),
    LayerFidelity("features.denseblock4.denselayer32.relu2", 0.9, 0.8, 1.0, 40),
]


def texts(picture: bytes) -> list[str]:
    return [
        text
        for node in ET.fromstring(picture).iter()
        if node.tag.endswith("}text")
        for text in node.itertext()
    ]


def test_it_names_every_layer_and_how_many_images_count() -> None:
    found = texts(fidelity_plot(LAYERS))
    assert {"features.3", "<script>$x^2$&", "…ock4.denselayer32.relu2"} <= set(found)
    assert {"n = 12", "n = 1", "n = 40"} <= set(found)


def test_a_line_begins_at_zero_unless_something_is_below() -> None:
    assert "0.0" in texts(fidelity_plot(LAYERS[1:]))
    assert "−1.0" in texts(fidelity_plot(LAYERS))
    assert "−1.0" not in texts(fidelity_plot(LAYERS[1:]))


def test_equal_pictures_are_equal_bytes_in_any_thread() -> None:
    first = fidelity_plot(LAYERS)
    with ThreadPoolExecutor(4) as threads:
        others = list(threads.map(lambda _: fidelity_plot(LAYERS), range(8)))
    assert set(others) == {first}
    assert b"date" not in first.lower()


@pytest.mark.parametrize("theme", COLOURS)
def test_it_is_transparent_and_in_the_themes_colours(theme: str) -> None:
    picture = fidelity_plot(LAYERS, theme)  # type: ignore[arg-type]
    text, _, dots = COLOURS[theme]  # type: ignore[index]
    assert text.encode() in picture
    assert dots.encode() in picture
    assert b"#ffffff" not in picture


def test_settings_of_others_are_left_alone() -> None:
    before = dict(mpl.rcParams)
    fidelity_plot(LAYERS)
    assert dict(mpl.rcParams) == before


def test_drawing_loads_neither_torch_nor_pyplot() -> None:
    program = (
        "import sys, analysis.regions.plots; print(sorted({'torch', 'matplotlib.pyplot'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
