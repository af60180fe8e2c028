"""A worker that is killed while it measures leaves each image measured whole or not at all, and playable."""

import pytest

from tests.labeling.installation import Installation
from tests.labeling.tiny_studies import TINY

PHOTOS = 6
ADD_TINY_PHOTOS = f"""
from tests.labeling.tiny_studies import add_tiny_photos, make_tiny_study
add_tiny_photos(make_tiny_study(preset="integrated"), {PHOTOS})
"""
STATES = "select state, attempt from labeling_job where kind = 'measures' order by id"
REGIONS = """
    select image.id, job.state, count(*), count(region.effect), count(region.stability),
           (select count(*) from labeling_imagelayer where image_id = image.id and fidelity is not null)
    from labeling_image image
    join labeling_region region on region.image_id = image.id
    join labeling_job job on job.kind = 'measures' and job.subject = image.id
    where image.prepared_at is not null group by image.id, job.state
"""


@pytest.mark.parametrize("whole_group", [True, False], ids=["whole group", "main process only"])
def test_what_was_cut_off_is_measured_again(installation: Installation, whole_group: bool) -> None:
    installation.variables["GLIMPSE_NETWORK_FACTORIES"] = TINY
    installation.manage("migrate", "--verbosity", "0")
    installation.run(ADD_TINY_PHOTOS)
    worker = installation.start_worker("first", "gpu,text,default", sweeps=True)

    def in_the_middle() -> bool:
        now = [state for state, _ in installation.rows(STATES)]
        return "done" in now and "running" in now

    installation.wait_until(in_the_middle, 60)
    installation.kill(worker, whole_group=whole_group)
    cut_off = installation.rows(REGIONS)
    assert len(cut_off) == PHOTOS, "regions come first"
    for _, state, regions, effects, stabilities, _ in cut_off:
        assert effects == stabilities == (regions if state == "done" else 0)

    installation.start_worker("second", "gpu,text,default", sweeps=True)
    done = ["done"] * PHOTOS
    installation.wait_until(lambda: [state for state, _ in installation.rows(STATES)] == done, 60)
    attempts = {attempt for _, attempt in installation.rows(STATES)}
    assert attempts == {1, 2} if whole_group else attempts <= {1, 2}
    for _, _, regions, effects, stabilities, fidelities in installation.rows(REGIONS):
        assert effects == stabilities == regions
        assert fidelities
