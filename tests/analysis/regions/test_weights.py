"""What a map says for the class, and which maps say too little, by hand."""

import numpy as np
import pytest
import torch

from analysis.regions.weights import contributions, discard_threshold, guided_weights, surviving

ACTIVATION = torch.tensor([[[1.0, 2], [3, 4]], [[1, 0], [0, -1]]])
GRADIENT = torch.tensor([[[1.0, 1], [-1, 2]], [[-3, 9], [9, 2]]])


def test_contributions_are_gradient_times_activation_summed() -> None:
    amounts = contributions(ACTIVATION * GRADIENT)
    assert amounts.tolist() == [1 + 2 - 3 + 8, -3 - 2]
    assert amounts.dtype == np.float64


def test_guided_weights_are_the_mean_positive_gradient_where_the_map_is_positive() -> None:
    amounts = guided_weights(ACTIVATION, GRADIENT)
    assert amounts.tolist() == [(1 + 1 + 2) / 4, 0]
    assert amounts.dtype == np.float64


@pytest.mark.parametrize(
    ("channels", "percent"), [(512, 0.175), (256, 0.35), (128, 0.7), (64, 1.4), (63, 76.8 / 63), (10, 7.68)]
)
def test_the_published_discard_thresholds(channels: int, percent: float) -> None:
    assert discard_threshold(channels) * 100 == pytest.approx(percent)


def test_another_factor_than_the_published_one() -> None:
    assert discard_threshold(50, 0.5) == 0.01
    assert discard_threshold(50, 0) == 0


def test_surviving_is_above_the_threshold_not_at_it() -> None:
    strengths = np.array([0.0, 1.0, 2.0, 5.0])
    assert surviving(strengths, 0.125).tolist() == [2, 3]
    assert surviving(strengths, 0).tolist() == [1, 2, 3]
    assert surviving(np.zeros(4), 0.125).tolist() == []
