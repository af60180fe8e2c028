"""Which class is explained: what the network says, what is true, or any that somebody names."""

import csv
from collections.abc import Callable
from pathlib import Path

from analysis.networks.errors import NetworkError, suggestion
from analysis.networks.network import Network
from analysis.regions.settings import SettingsError

CLASS_COLUMNS = ("class", "imagenet_class")

Target = Callable[[Path], int | None]


def find_target(wanted: str, truth: Path | None, network: Network) -> Target:
    """A function from a photo's path to the class to explain, None for the predicted one.

    Args:
        wanted: `predicted`, `true`, a class's index, or its name.
        truth: for `true`, a CSV file with the columns `file` and `class` (or `imagenet_class`).
        network: whose classes are meant.

    Raises:
        SettingsError: no such class, more than one of that name, or no usable file.
    """
    if truth is not None and wanted != "true":
        raise SettingsError("--truth is for --target true. Give both, or neither.")
    if wanted == "predicted":
        return lambda photo: None
    if wanted != "true":
        index = class_index(wanted, network)
        return lambda photo: index
    if truth is None:
        raise SettingsError("--target true needs --truth, a CSV file with the columns file and class.")
    classes = read_truth(truth)

    def true_class(photo: Path) -> int:
        if photo.name not in classes:
            raise NetworkError(f"{truth.name} has no class for {photo.name}. Add a row for it.")
        try:
            return class_index(classes[photo.name], network)
        except SettingsError as error:
            raise NetworkError(str(error)) from error

    return true_class


def class_index(wanted: str, network: Network) -> int:
    """The index of a class by its name or its number.

    Raises:
        SettingsError: no such class, or several of that name.
    """
    names = network.class_names
    found = [index for index, name in enumerate(names) if name == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = " and ".join(map(str, found))
        raise SettingsError(f"{network.name} has several classes called {wanted}. Give a number: {numbers}.")
    if wanted.isdecimal() and int(wanted) < len(names):
        return int(wanted)
    raise SettingsError(
        f"{network.name} has no class {wanted}.{suggestion(wanted, names)} Give predicted, true, a name, or "
        f"a number from 0 to {len(names) - 1}."
    )


def read_truth(path: Path) -> dict[str, str]:
    """Class names by file name.

    Raises:
        SettingsError: the file cannot be read, or lacks the columns.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path} cannot be read. Give a CSV file in UTF-8.") from error
    column = next((name for name in CLASS_COLUMNS if rows and name in rows[0]), None)
    if column is None or "file" not in rows[0]:
        raise SettingsError(f"{path} needs a first line with the columns file and class, and rows below it.")
    return {row["file"]: row[column] or "" for row in rows}  # a short row has None there
