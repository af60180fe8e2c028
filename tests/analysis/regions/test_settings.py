"""What can be chosen, and what is refused at once."""

import pytest

from analysis.regions.presets.faithful import FAITHFUL
from analysis.regions.presets.integrated import INTEGRATED
from analysis.regions.presets.paper import PAPER
from analysis.regions.recipe import CHOICES, RANGES, WHOLE
from analysis.regions.settings import RegionSettings, SettingsError

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("preset", "recipe"), [("faithful", FAITHFUL), ("paper", PAPER), ("integrated", INTEGRATED)]
)
def test_a_preset_is_its_recipe(preset: str, recipe: object) -> None:
    assert RegionSettings(preset=preset).recipe == recipe  # type: ignore[arg-type]


def test_the_paper_is_what_was_published() -> None:
    recipe = RegionSettings(preset="paper").recipe
    assert (recipe.weights, recipe.vectors, recipe.maps) == ("guided", "activations", "activations")
    assert (recipe.distance, recipe.projection, recipe.linkage) == ("euclidean", "tsne", "ward")
    assert (recipe.min_regions, recipe.max_regions, recipe.blur) == (3, 8, 0)
    assert (recipe.drop_below_heaviest, recipe.drop_below_mean) == (1 / 3, 1 / 2)


@pytest.mark.parametrize("preset", ["faithful", "paper", "integrated"])
@pytest.mark.parametrize("knob", [*CHOICES, *RANGES])
def test_every_step_can_be_chosen_on_top_of_a_preset(preset: str, knob: str) -> None:
    for value in CHOICES.get(knob, ()) or RANGES[knob]:
        if (knob, value) in (("min_regions", 32), ("max_regions", 2)):
            continue  # they do not fit the presets' other bound
        recipe = RegionSettings(preset=preset, **{knob: value}).recipe  # type: ignore[arg-type]
        usual = RegionSettings(preset=preset).recipe  # type: ignore[arg-type]
        assert getattr(recipe, knob) == value
        others = (set(CHOICES) | set(RANGES)) - {knob}
        assert all(getattr(recipe, other) == getattr(usual, other) for other in others)


@pytest.mark.parametrize("knob", CHOICES)
@pytest.mark.parametrize("wrong", ["magic", "", 3, True, ["ward"]])
def test_a_step_that_does_not_exist_is_refused_with_those_that_do(knob: str, wrong: object) -> None:
    with pytest.raises(SettingsError) as refused:
        RegionSettings(**{knob: wrong})  # type: ignore[arg-type]
    assert str(refused.value) == f"{knob} must be {' or '.join(CHOICES[knob])}, not {wrong!r}."


@pytest.mark.parametrize("knob", RANGES)
@pytest.mark.parametrize("wrong", ["below", "above", NAN, INF, -INF, "3", True, [3]])
def test_a_number_out_of_its_range_is_refused_with_the_range(knob: str, wrong: object) -> None:
    low, high = RANGES[knob]
    if isinstance(wrong, str):
        wrong = {"below": low - 1, "above": high + 1}.get(wrong, wrong)  # of the bounds' own type
    with pytest.raises(SettingsError) as refused:
        RegionSettings(**{knob: wrong})  # type: ignore[arg-type]
    kind = "whole number" if knob in WHOLE else "number"
    assert str(refused.value) == f"{knob} must be a {kind} from {low} to {high}, not {wrong!r}."


@pytest.mark.parametrize("knob", WHOLE)
def test_a_number_of_regions_is_whole(knob: str) -> None:
    with pytest.raises(SettingsError, match=f"{knob} must be a whole number from 2 to 32, not 4.0"):
        RegionSettings(**{knob: 4.0})  # type: ignore[arg-type]


def test_the_fewest_regions_are_not_more_than_the_most() -> None:
    with pytest.raises(SettingsError, match=r"min_regions must be at most max_regions \(4\), not 5"):
        RegionSettings(min_regions=5, max_regions=4)
    with pytest.raises(SettingsError, match=r"min_regions must be at most max_regions \(8\), not 9"):
        RegionSettings(min_regions=9)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"preset": "magic"}, "preset must be faithful or paper or integrated, not 'magic'"),
        ({"preset": []}, "preset must be faithful or paper or integrated, not"),
        ({"precision": "half"}, "precision must be float32 or mixed, not 'half'"),
        ({"layers": ()}, "layers must be None or a tuple of at least one layer name"),
        ({"layers": ["a"]}, "layers must be None or a tuple of at least one layer name"),
        ({"layers": (1, 2)}, "layers must be None or a tuple of at least one layer name"),
        ({"layers": ("a", "a")}, "layers must name each layer once"),
        ({"discard": 1.0}, "discard must be from 0 to below 1, or None, not 1.0"),
        ({"discard": -0.1}, "discard must be from 0 to below 1, or None, not -0.1"),
        ({"discard": NAN}, "discard must be from 0 to below 1, or None, not nan"),
        ({"discard": "0.1"}, "discard must be from 0 to below 1, or None, not '0.1'"),
        ({"discard": True}, "discard must be from 0 to below 1, or None, not True"),
        ({"effects": "no"}, "effects must be True or False, not 'no'"),
        ({"stability": 1}, "stability must be True or False, not 1"),
        ({"micro_batch": 0}, "micro_batch must be a whole number from 1 to 1024, not 0"),
        ({"micro_batch": 1025}, "micro_batch must be a whole number from 1 to 1024, not 1025"),
        ({"micro_batch": 1.5}, "micro_batch must be a whole number from 1 to 1024, not 1.5"),
        ({"effect_batch": True}, "effect_batch must be a whole number from 1 to 1024, not True"),
        ({"seed": -1}, "seed must be a whole number from 0 to 4294967295, not -1"),
        ({"seed": 2**32}, "seed must be a whole number from 0 to 4294967295, not 4294967296"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        RegionSettings(**wrong)  # type: ignore[arg-type]
    assert message in str(refused.value)


def test_the_ends_of_every_range_are_allowed() -> None:
    RegionSettings(discard=0, seed=0, micro_batch=1, effect_batch=1)
    RegionSettings(discard=0.999, seed=2**32 - 1, micro_batch=1024, effect_batch=1024)
