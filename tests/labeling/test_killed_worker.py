"""A worker that is killed at work loses nothing, leaves nothing half written and doubles nothing."""

import numpy as np
import PIL.Image
import pytest

from tests.labeling.installation import Installation

PHOTOS = 8
QUEUES = "gpu,text,default"
IMAGES = """
    select image.id, image.prepared_at, image.photo, image.maps, job.state, job.attempt,
           (select group_concat(id) from labeling_region where image_id = image.id order by id)
    from labeling_image image join labeling_job job on job.kind = 'regions' and job.subject = image.id
    order by image.id
"""

Snapshot = dict[object, tuple[object, ...]]


def snapshot(installation: Installation) -> Snapshot:
    """Each image with its job and the ids of its regions, as of one moment."""
    return {row[0]: row[1:] for row in installation.rows(IMAGES)}


def states(installation: Installation) -> list[object]:
    return [row[0] for row in installation.rows("select state from labeling_job where kind = 'regions'")]


def check_whole(installation: Installation, images: Snapshot) -> None:
    """An image is prepared with everything that belongs to it, or not at all."""
    assert installation.rows("pragma integrity_check") == [("ok",)]
    for prepared_at, photo, maps, state, _, regions in images.values():
        assert (state == "done") == (prepared_at is not None) == (regions is not None)
        if prepared_at is not None:
            PIL.Image.open(installation.file(photo)).load()
            with np.load(installation.file(maps)) as layers:
                assert sum(len(layers[layer]) for layer in layers.files) == len(str(regions).split(","))


@pytest.mark.parametrize("whole_group", [True, False], ids=["whole group", "main process only"])
def test_a_killed_worker_loses_and_doubles_nothing(installation: Installation, whole_group: bool) -> None:
    installation.add_photos(PHOTOS)
    assert states(installation) == ["queued"] * PHOTOS
    worker = installation.start_worker("first", QUEUES, sweeps=True)

    def in_the_middle() -> bool:
        now = states(installation)
        return "done" in now and "running" in now

    installation.wait_until(in_the_middle, 40)
    installation.kill(worker, whole_group=whole_group)
    before = snapshot(installation)
    check_whole(installation, before)
    finished = {image: row for image, row in before.items() if row[3] == "done"}
    assert 0 < len(finished) < PHOTOS

    installation.start_worker("second", QUEUES, sweeps=True)
    installation.wait_until(lambda: states(installation) == ["done"] * PHOTOS, 40)
    after = snapshot(installation)
    check_whole(installation, after)
    assert {image: after[image] for image in finished} == finished, "done once, and left alone"
    again = [row[4] for image, row in after.items() if image not in finished]
    assert 2 in again, "what was cut off"
    assert set(again) <= {1, 2}
    installation.wait_until(lambda: not list(installation.file("").rglob("upload")), 10)
    installation.wait_until(
        lambda: not installation.rows("select 1 from labeling_image where upload != ''"), 10
    )
