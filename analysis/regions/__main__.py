"""Regions from the command line: `python -m analysis.regions PHOTO... --network efficientnet_lite0`."""

import argparse
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

import torch
from typing_extensions import TypeIs

from analysis.networks.errors import NetworkError
from analysis.networks.loading import load_network
from analysis.networks.network import Network
from analysis.networks.photos import PhotoError, read_photo
from analysis.regions.explaining import explain
from analysis.regions.serialise import ImageDict, image_as_dict
from analysis.regions.settings import RegionSettings, SettingsError

SOME_UNREADABLE, UNUSABLE = 1, 2


class Failed(TypedDict):
    """A photo that cannot be read."""

    photo: str
    error: str


class Explained(ImageDict):
    """A photo with its regions."""

    photo: str
    notes: list[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Explain photos and print their regions.

    Returns:
        Exit status: 0; 1 where some photo could not be read; 2 where the network or a setting is wrong.
    """
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        settings = RegionSettings(layers=options.layers, effects=options.effects)
        network = load_network(
            options.network, weights=options.weights, classes=options.classes, device=options.device
        )
        results = list(_explained(network, settings, options.photos))
    except (NetworkError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    text = (
        json.dumps(results, indent=2, allow_nan=False) if options.json else "\n\n".join(map(_table, results))
    )
    sys.stdout.write(f"{text}\n")
    return SOME_UNREADABLE if any("error" in result for result in results) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis.regions", description=__doc__)
    parser.add_argument("photos", nargs="+", metavar="PHOTO")
    parser.add_argument("--network", default="efficientnet_lite0", help="name, or package.module:factory")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a state dict")
    parser.add_argument("--classes", type=Path, metavar="FILE", help="class names, one a line")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1 or mps")
    parser.add_argument("--threads", type=_positive, default=1, help="CPU threads")
    parser.add_argument("--layers", type=_names, metavar="NAME,...", help="instead of the default layers")
    parser.add_argument("--no-effects", dest="effects", action="store_false", help="measure no effects")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text}")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _explained(
    network: Network, settings: RegionSettings, photos: Sequence[str]
) -> Iterator[Explained | Failed]:
    for name in photos:
        try:
            photo = read_photo(Path(name))
        except PhotoError as error:
            yield {"photo": name, "error": str(error)}
            continue
        try:
            regions = image_as_dict(explain(network, photo.image, settings))
        except NetworkError as error:  # values that are not numbers, for this photo
            yield {"photo": name, "error": str(error)}
            continue
        yield {"photo": name, "notes": list(photo.notes), **regions}


def _is_explained(result: Explained | Failed) -> TypeIs[Explained]:
    return "layers" in result


def _table(result: Explained | Failed) -> str:
    if not _is_explained(result):
        return f"{result['photo']}: {result['error']}"
    lines = [f"{result['photo']}: {result['class_name']} ({result['probability']:.1%})", *result["notes"]]
    lines.append(f"{'layer':<24} {'sign':<9} {'weight':>7} {'effect':>7} {'maps':>5} {'area':>6}")
    for layer in result["layers"]:
        for region in layer["regions"]:
            effect = "" if region["effect"] is None else f"{region['effect']:.2f}"
            lines.append(
                f"{layer['name']:<24} {region['sign']:<9} {region['weight']:>7.1%} {effect:>7} "
                f"{region['maps']:>5} {region['area']:>6.1%}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries tell developers is not for whoever runs this
    sys.exit(main())
