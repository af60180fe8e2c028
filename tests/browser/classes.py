"""A study whose classes are explained, with all that a page of a class can show."""

from labeling.models import Image, Player, Round, Share, Study
from labeling.models.study import StudyState
from labeling.services.answers import Answer, round_answer
from labeling.services.players import consent_give
from tests.explained import Words, make_concept_test
from tests.explained_classes import make_class, make_described, shortcut_of
from tests.factories import make_round, make_study

MACAW, HEN = 1, 2
LAYERS = 9
LONG = "w" * 60
DEEP: Words = {
    "blocks.0": [(5, "sky", 4)],
    "blocks.1": [(0, "red feathers", 4), (5, "sky", 1)],
    "blocks.4": [(7, LONG, 3)],
    "blocks.7": [(0, "red feathers", 5), (1, "hooked beak", 4)],
    "blocks.8": [(1, "hooked beak", 6)],
}
VERDICTS = ("confirmed for", "confirmed against", "not confirmed", "too few examples")


def make_classes(player: Player) -> Study:
    """Finished and shared; of two classes, one with shortcuts and concept tests. The player has met both, and
    of the first one photograph of two."""
    study = make_study(rounds_per_game=1)
    macaws = [make_described(study, DEEP, layers=LAYERS) for _ in range(2)]
    hen = make_described(study, {"blocks.8": [(0, "red comb", 3), (1, "beak", 1)]}, index=HEN, layers=LAYERS)
    shortcuts = [shortcut_of(macaws, 5, "sky"), shortcut_of(macaws, 7, LONG, by_place=False)]
    make_class(macaws, shortcuts=shortcuts, manifest={"simulated": 2})
    make_class(macaws, shortcuts=shortcuts, revision=2, manifest={"simulated": 4})
    make_class([hen])
    for layer, verdict in enumerate(VERDICTS, 5):
        make_concept_test(macaws[0], f"blocks.{layer}", layer % 2, "red feathers", verdict)
    make_concept_test(macaws[0], "blocks.1", 0, "red feathers", "confirmed for")
    consent_give(player=player, study=study, version=study.consent_version)
    for image in (macaws[0], hen):
        meet(player, image)
    alpha = {"alpha": 0.41, "low": 0.3, "high": 0.52}
    study.state, study.shareable = StudyState.FINISHED, True
    layers = [{"layer": name, **alpha} for name in ("blocks.0", "blocks.8")]
    study.reliability = {"study": alpha, "layers": layers}
    study.save()
    Share.objects.create(study=study, explained_class=MACAW, revision=2)
    return study


def meet(player: Player, image: Image) -> None:
    """Have a round of this image, whichever the game would have drawn."""
    round_ = make_round(image.study, player)
    Round.objects.filter(pk=round_.pk).update(image=image, region=image.regions.filter(index=0)[0])
    round_answer(round_=Round.objects.get(pk=round_.pk), answer=Answer(("red feathers",), None, 4.0))
