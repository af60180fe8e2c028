"""Weights from the command line: `python -m analysis.networks convert-squeezenet OUT.safetensors`."""

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import save

from analysis.networks.architectures import load_architecture
from analysis.networks.errors import NetworkError

UNUSABLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert the packaged SqueezeNet 1.1.

    Returns:
        Exit status: 0; 2 where the file cannot be written or the package is not there.
    """
    options = _parser().parse_args(arguments)
    try:
        _check_place(options.out, options.force)
        module, _, _ = load_architecture("squeezenet1_1", None)
        _write(options.out, save(module.state_dict()))
    except NetworkError as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    sys.stdout.write(f"{options.out}: weights for squeezenet1_1\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis.networks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    what = "write the weights of the package ndf as a state dict of torchvision's squeezenet1_1"
    convert = commands.add_parser("convert-squeezenet", help=what, description=f"{what.capitalize()}.")
    convert.add_argument("out", type=Path, metavar="OUT.safetensors")
    convert.add_argument("--force", action="store_true", help="replace the file if it is there")
    return parser


def _check_place(out: Path, force: bool) -> None:
    if out.suffix != ".safetensors":
        raise NetworkError(f"{out} will not be read as safetensors. Give a name that ends in .safetensors.")
    if not out.parent.is_dir():
        raise NetworkError(f"There is no folder {out.parent}. Make it first.")
    if out.exists() and not force:
        raise NetworkError(f"{out} is already there. Give another name, or --force to replace it.")


def _write(out: Path, content: bytes) -> None:
    """Write beside and rename, so that a file under this name is always whole."""
    unfinished = out.with_name(f"{out.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise NetworkError(f"Cannot write {out}: {error.strerror}.") from error


if __name__ == "__main__":
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries tell developers is not for whoever runs this
    sys.exit(main())
