"""Which output holds the logits."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from analysis.networks.errors import NetworkError
from analysis.networks.outputs import logits_of

ROWS, AUX, MAPS = torch.ones(2, 3), torch.zeros(2, 3), torch.ones(2, 3, 4, 4)


class Inception(NamedTuple):
    features: Tensor
    logits: Tensor
    aux_logits: Tensor | None


@dataclass
class Answer:
    hidden: Tensor
    logits: Tensor


@pytest.mark.parametrize(
    "output",
    [
        ROWS,
        (ROWS, AUX),
        [MAPS, ROWS, None, AUX],
        (torch.ones(2, 7), ROWS),
        {"aux": AUX, "out": ROWS},
        OrderedDict(aux=AUX, out=ROWS),
        {"out": AUX, "logits": ROWS},
        Inception(AUX, ROWS, None),
        Answer(AUX, ROWS),
        (MAPS, (torch.arange(6).view(2, 3), {"logits": ROWS})),
    ],
)
def test_the_rule(output: object) -> None:
    assert logits_of(output, 3) is ROWS


def test_without_a_number_of_classes_it_is_the_first() -> None:
    assert logits_of((MAPS, AUX, ROWS)) is AUX


@pytest.mark.parametrize("output", [MAPS, (MAPS,), {"out": MAPS}, None, "logits", torch.ones(3).long(), ()])
def test_no_logits(output: object) -> None:
    with pytest.raises(NetworkError, match="row of logits"):
        logits_of(output, 3)


def test_another_number_of_classes() -> None:
    with pytest.raises(NetworkError, match="tells 3 classes apart, but 4"):
        logits_of((ROWS, AUX), 4)
