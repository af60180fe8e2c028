"""Rows for tests, prepared as a worker would leave them: a real photograph and real region maps on disk."""

from io import BytesIO
from itertools import count

import numpy as np
import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.regions.archive import pack_maps
from analysis.regions.results import ImageRegions, LayerRegions, Region, Seconds
from labeling.models import Game, Image, Network, Player, Round, Study
from labeling.models.study import StudyState
from labeling.services.options import options_draw
from labeling.services.players import consent_give
from labeling.services.regions import regions_write
from labeling.services.rounds import game_start, round_next
from labeling.services.studies import image_folder

CLASS_NAMES = [
    "castle",
    "macaw",
    "hen",
    "koala",
    "stupa",
    "ram",
    "ox",
    "petra",
    "viaduct",
    "cliff",
    "ice bear",
    "owl",
]
SIDE = 64

_numbers = count(1)


def make_study(
    *,
    state: StudyState = StudyState.OPEN,
    max_labellings: int = 5,
    rounds_per_game: int = 5,
    owner: object = None,
) -> Study:
    number = next(_numbers)
    network = Network.objects.create(
        name="efficientnet_lite0", class_names=CLASS_NAMES, digest=f"{number:064}"
    )
    return Study.objects.create(
        slug=f"study-{number}",
        title=f"Study {number}",
        network=network,
        state=state,
        max_labellings=max_labellings,
        rounds_per_game=rounds_per_game,
        consent_text="What we keep, and for how long.",
        **({"owner": owner} if owner else {}),
    )


def make_image(
    study: Study,
    *,
    true_class: int | None = 1,
    predicted_class: int = 1,
    layers: int = 2,
    regions: int = 2,
    measured: bool = True,
) -> Image:
    """A prepared image: in each of `layers` layers `regions` supporting regions and one opposing region."""
    number = next(_numbers)
    image = Image.objects.create(
        study=study,
        sha256=f"{number:064}",
        name=f"secret-name-{number}.jpg",
        author="Ada Photographer",
        licence="CC0-1.0",
        class_name="" if true_class is None else CLASS_NAMES[true_class],
        true_class=true_class,
        predicted_class=predicted_class,
        predicted_name=CLASS_NAMES[predicted_class],
        probability=0.8,
        explained_class=predicted_class,
        explained_name=CLASS_NAMES[predicted_class],
        explained_probability=0.8,
        logit=3.0,
        network_digest=study.network.digest,
        seconds={"capture": 0.1, "clustering": 0.05},
        crop=[0, 0, SIDE, SIDE],
        prepared_at=timezone.now(),
    )
    found = make_found(layers, regions, number, measured)
    folder = image_folder(image)
    image.photo = default_storage.save(f"{folder}/photo.jpg", ContentFile(_photo(number)))
    image.maps = default_storage.save(f"{folder}/maps-1.npz", ContentFile(pack_maps(found)))
    image.options = options_draw(image)
    image.save()
    regions_write(study=study, image=image, found=found)
    return image


def make_player(study: Study | None = None, *, nickname: str = "Quiet Otter") -> Player:
    """A guest, who has agreed to the study's text where a study is given."""
    player = Player.objects.create(nickname=nickname)
    if study is not None:
        consent_give(player=player, study=study, version=study.consent_version)
    return player


def make_round(study: Study, player: Player) -> Round:
    """The player's open round, leased as the game leases it."""
    round_ = round_next(game=make_game(study, player))
    assert round_ is not None, "the study has no region left for this player"
    return round_


def make_game(study: Study, player: Player) -> Game:
    return game_start(player=player, study=study)


def _photo(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    buffer = BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def make_found(layers: int, regions: int, seed: int, measured: bool = True) -> ImageRegions:
    """What a worker finds in an image: maps at random, regions of equal weight."""
    dice = np.random.default_rng(seed)
    share = 0.9 / regions
    return ImageRegions(
        class_index=1,
        class_name=CLASS_NAMES[1],
        probability=0.8,
        logit=3.0,
        predicted_index=1,
        predicted_name=CLASS_NAMES[1],
        predicted_probability=0.8,
        layers=tuple(
            LayerRegions(
                name=f"blocks.{layer}",
                channels=16,
                kept=0.9,
                dropped=0.0,
                discarded=0.0,
                opposing=0.1,
                clusters=regions,
                silhouette=0.5,
                regions=tuple(
                    Region(
                        index=index,
                        weight=share if index < regions else 0.1,
                        sign="supports" if index < regions else "opposes",
                        effect=1.0 / (index + 1) if measured else None,
                        stability=0.9 if measured else None,
                        map_indices=(2 * index, 2 * index + 1),
                        map=dice.random((7, 7), dtype=np.float32),
                        area=0.3,
                        mean_activation=0.25,
                    )
                    for index in range(regions + 1)
                ),
            )
            for layer in range(layers)
        ),
        seconds=Seconds(0.0, 0.0, 0.0, 0.0),
    )
