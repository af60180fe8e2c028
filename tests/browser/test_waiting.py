import pytest
from playwright.sync_api import Page, expect

from labeling.models import Image, Job, Player
from labeling.models.job import JobKind, JobState
from labeling.services.rounds import game_start
from tests.factories import make_image

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("finished_before", [True, False])
def test_it_goes_on_by_itself(page: Page, player: Player, finished_before: bool) -> None:
    study = player.consents.get().study
    Image.objects.all().delete()
    job = Job.objects.create(study=study, kind=JobKind.REGIONS, subject=1)
    game = game_start(player=player, study=study)
    if not finished_before:
        page.goto(f"/games/{game.key}/waiting")
        expect(page.get_by_text("The network has looked at 0 of 1 photos.")).to_be_visible()
    make_image(study)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    if finished_before:
        page.goto(f"/games/{game.key}/waiting")
    expect(page.locator(".steps")).to_have_attribute("aria-label", "Round 1 of 5")
