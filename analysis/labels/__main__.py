"""Groups of labels from the command line: `python -m analysis.labels FILE.csv --json`."""

import argparse
import json
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from tqdm import tqdm
from transformers.utils.logging import disable_progress_bar

from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.scopes import GroupRecord, Scope, group_scope
from analysis.labels.settings import PRESETS
from analysis.labels.sheet import Line, SheetError, read_sheet
from analysis.labels.vector_cache import CachedEmbedder
from analysis.labels.vector_file import VectorFile, VectorFileError
from analysis.labels.way import way_of

UNUSABLE = 2
SHOWN = 6  # texts of a group in the table


def main(arguments: Sequence[str] | None = None) -> int:
    """Group the labels of a table and print the groups.

    Returns:
        Exit status: 0; 2 where the file or the sentence model is wrong.
    """
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        lines = _lines(options.file)
        if options.explain is not None:
            lines = _with_text(lines, options.explain)
        scopes = _grouped(lines, options)
    except SheetError as error:
        sys.stderr.write(f"{options.file}: {error}\n")
        return UNUSABLE
    except VectorFileError as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    except OSError as error:
        sys.stderr.write(f"{error.filename or options.model}: {error.strerror or error}\n")
        return UNUSABLE
    if options.explain is not None:
        text = "\n\n".join(way_of(options.explain, scope) for scope in scopes)
    else:
        records = [record for scope in scopes for record in scope.records]
        text = json.dumps(records, ensure_ascii=False, indent=1) if options.json else _table(records)
    sys.stdout.buffer.write(f"{text}\n".encode(errors="backslashreplace"))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis.labels", description=__doc__)
    parser.add_argument(
        "file",
        metavar="FILE.csv",
        help="columns scope and text, optional count, player, language, level, correct; - reads the input",
    )
    parser.add_argument("--preset", choices=tuple(PRESETS), default="glimpse", help="default: glimpse")
    parser.add_argument("--explain", metavar="TEXT", help="print the way of this text into its group")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--keep-names", action="store_true", help="do not take a scope's name out of its texts"
    )
    parser.add_argument("--model", help="a sentence-transformers model, by folder or name")
    parser.add_argument(
        "--model-languages",
        type=lambda text: tuple(text.split(",")),
        default=("en",),
        metavar="CODE,...",
        help="languages of the model, whose labels meet in one group; default: en",
    )
    parser.add_argument(
        "--vectors", type=Path, metavar="FILE", help="keep vectors there: no text is embedded twice, ever"
    )
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1 or mps")
    parser.add_argument(
        "--threads", type=int, default=1, choices=range(1, 257), metavar="N", help="default: 1"
    )
    return parser


def _lines(file: str) -> list[Line]:
    if file == "-":
        return list(read_sheet(sys.stdin))
    with Path(file).open(encoding="utf-8-sig", newline="") as lines:
        return list(read_sheet(lines))


def _with_text(lines: list[Line], text: str) -> list[Line]:
    """The scopes that have the text; all of them, as if one more person had typed it, where none has."""
    scopes = {line.scope for line in lines if line.text == text}
    if scopes:
        return [line for line in lines if line.scope in scopes]
    return [*lines, *(Line(scope, text) for scope in {line.scope for line in lines})]


def _grouped(lines: Iterable[Line], options: argparse.Namespace) -> list[Scope]:
    by_scope: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_scope[line.scope].append(line)
    disable_progress_bar()  # type: ignore[no-untyped-call]  # loading takes but a moment
    model = SentenceEmbedder(options.model, options.device)
    embedder = model if options.vectors is None else CachedEmbedder(model, VectorFile(options.vectors))
    return [
        group_scope(
            name,
            by_scope[name],
            embedder,
            PRESETS[options.preset],
            class_names=() if options.keep_names else (name,),
            model_languages=options.model_languages,
        )
        for name in tqdm(sorted(by_scope), unit="scope", disable=not sys.stderr.isatty(), leave=False)
    ]


def _table(records: Iterable[GroupRecord]) -> str:
    rows = []
    for record in records:
        texts = [f"{member['text']} ({member['count']})" for member in record["members"]]
        more = f", and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
        start = f"{record['scope']:<16} {record['score']:>8.1f}  {record['name']:<24}"
        rows.append(f"{start} {', '.join(texts[:SHOWN])}{more}")
    return "\n".join([f"{'scope':<16} {'score':>8}  {'name':<24} what people typed", *rows])


if __name__ == "__main__":
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries tell developers is not for whoever runs this
    sys.exit(main())
