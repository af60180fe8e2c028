"""Regions from the command line: `python -m analysis.regions PHOTO... --network efficientnet_lite0`."""

import argparse
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tqdm import tqdm

from analysis.networks.errors import NetworkError
from analysis.networks.loading import load_network
from analysis.networks.network import Network
from analysis.networks.photos import PhotoError, read_photo
from analysis.regions.explaining import explain
from analysis.regions.pictures import Pictures
from analysis.regions.serialise import image_as_dict
from analysis.regions.settings import PRESETS, RegionSettings, SettingsError
from analysis.regions.table import Explained, Failed, Result, as_table
from analysis.regions.targets import Target, find_target

SOME_UNREADABLE, UNUSABLE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Explain photos and print their regions.

    Returns:
        Exit status: 0; 1 where some photo could not be read; 2 where the network, a setting or the folder for
        pictures is wrong.
    """
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        settings = _settings(options)
        network = load_network(
            options.network, weights=options.weights, classes=options.classes, device=options.device
        )
        target = find_target(options.target, options.truth, network)
        pictures = None if options.out is None else Pictures(options.out, network, settings.preset)
        results = list(_explained(network, settings, target, options.photos, pictures))
        if pictures is not None:
            pictures.finish(results)
    except (NetworkError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    except OSError as error:
        sys.stderr.write(
            f"{error.filename or options.out}: {error.strerror or error}. Choose another folder.\n"
        )
        return UNUSABLE
    text = json.dumps(results, indent=2, allow_nan=False) if options.json else as_table(results)
    sys.stdout.write(f"{text}\n")
    return SOME_UNREADABLE if any("error" in result for result in results) else 0


def _settings(options: argparse.Namespace) -> RegionSettings:
    return RegionSettings(
        preset=options.preset,
        layers=options.layers,
        seed=options.seed,
        effects=options.effects,
        stability=options.stability,
        precision="mixed" if options.mixed else "float32",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis.regions", description=__doc__)
    parser.add_argument("photos", nargs="+", metavar="PHOTO")
    parser.add_argument("--network", default="efficientnet_lite0", help="name, or package.module:factory")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a state dict")
    parser.add_argument("--classes", type=Path, metavar="FILE", help="class names, one a line")
    parser.add_argument("--preset", default="faithful", help=f"{', '.join(PRESETS)}; default: faithful")
    parser.add_argument("--layers", type=_names, metavar="NAME,...", help="instead of the default layers")
    parser.add_argument(
        "--target", default="predicted", metavar="CLASS", help="predicted, true, or a class's name or index"
    )
    parser.add_argument(
        "--truth", type=Path, metavar="CSV", help="with columns file and class, for --target true"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="write overlays and contact sheets there")
    parser.add_argument("--no-effects", dest="effects", action="store_false", help="measure no effects")
    parser.add_argument("--stability", action="store_true", help="measure stability under image noise")
    parser.add_argument("--seed", type=int, default=0, help="of t-SNE and of the noise; default: 0")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1 or mps")
    parser.add_argument("--mixed", action="store_true", help="maps and gradients from a bfloat16 pass")
    parser.add_argument("--threads", type=_positive, default=1, help="CPU threads, for effects")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text}")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _explained(
    network: Network,
    settings: RegionSettings,
    target: Target,
    photos: Sequence[str],
    pictures: Pictures | None,
) -> Iterator[Result]:
    """One result a photo; photos run one at a time, so that the bar moves and nothing is held."""
    quiet = len(photos) == 1 or not sys.stderr.isatty()
    for name in tqdm(photos, unit="photo", disable=quiet, leave=False):
        try:
            photo = read_photo(Path(name))
            found = explain(network, photo.image, settings, class_index=target(Path(name)))
        except (PhotoError, NetworkError) as error:
            yield Failed(photo=name, error=str(error))
            continue
        if pictures is not None:
            pictures.write(Path(name).stem, photo.image, found)
        yield Explained(
            photo=name,
            notes=list(photo.notes),
            network=network.name,
            digest=network.digest,
            preset=settings.preset,
            seed=settings.seed,
            **image_as_dict(found),
        )


if __name__ == "__main__":
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries tell developers is not for whoever runs this
    sys.exit(main())
