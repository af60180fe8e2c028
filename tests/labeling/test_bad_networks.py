"""A network that cannot be used fails all of its study's jobs, with its sentence, and runs no code."""

import os
import pickle
from io import BytesIO
from pathlib import Path

import pytest
import torch
from django.core.files.base import ContentFile
from pytest_django import Settings
from torch import nn

from labeling.models import Image, Job, Study
from labeling.models.job import JobKind, JobState
from labeling.services.jobs import jobs_retry
from labeling.services.preparation import regions_work
from labeling.services.studies import Upload, images_add
from tests.labeling.photos import demo_photo, job_of, make_new_study

pytestmark = pytest.mark.django_db(transaction=True)


def errors_of(study: Study) -> list[str]:
    names = ("owl.jpg", "cat.jpg", "dog.jpg")
    images_add(study=study, uploads=[Upload(name, demo_photo(name)) for name in names])
    assert not regions_work(study_id=study.pk, seconds=60)
    jobs = Job.objects.filter(study=study)
    assert set(jobs.values_list("state", flat=True)) == {JobState.FAILED}
    assert not Image.objects.exclude(prepared_at=None).exists()
    return sorted(set(jobs.values_list("error", flat=True)))


def with_weights(study: Study, content: bytes) -> Study:
    study.network.weights.save("weights.pt", ContentFile(content))
    return study


def test_an_unknown_network_fails_its_study_only() -> None:
    other = make_new_study()
    images_add(study=other, uploads=[Upload("pig.jpg", demo_photo("pig.jpg"))])
    (error,) = errors_of(make_new_study(network="efficientnet_light0"))
    assert error.startswith("There is no network called efficientnet_light0. Did you mean efficientnet_lite0")
    assert Job.objects.get(study=other).state == JobState.QUEUED
    attempts = Job.objects.exclude(study=other).values_list("attempt", flat=True)
    assert sorted(attempts) == [0, 0, 1], "tried once, not once an image"


def test_weights_of_another_architecture() -> None:
    buffer = BytesIO()
    torch.save(nn.Linear(4, 2).state_dict(), buffer)
    (error,) = errors_of(with_weights(make_new_study(), buffer.getvalue()))
    assert "The weights do not fit efficientnet_lite0" in error
    assert error.endswith("Name the architecture that they were trained with.")


class Malice:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.trace),)


@pytest.mark.parametrize("by_torch", [True, False])
def test_a_malicious_pickle_is_not_run(tmp_path: Path, by_torch: bool) -> None:
    trace, buffer = tmp_path / "trace", BytesIO()
    payload = {"weight": Malice(trace)}
    torch.save(payload, buffer) if by_torch else pickle.dump(payload, buffer, protocol=2)
    (error,) = errors_of(with_weights(make_new_study(), buffer.getvalue()))
    assert "is broken, or holds more than tensors" in error
    assert not trace.exists()
    pickle.loads(pickle.dumps(payload))
    assert trace.exists(), "it would have"


def test_a_factory_that_is_not_listed(settings: Settings) -> None:
    settings.GLIMPSE_NETWORK_FACTORIES = ["our.networks:small"]
    (error,) = errors_of(make_new_study(network="os:getcwd"))
    assert error == "The factory os:getcwd is not allowed here. Ask the operator."


def test_a_layer_that_the_network_lacks() -> None:
    (error,) = errors_of(make_new_study(layers=["_blocks.99"]))
    assert "_blocks.99" in error
    assert "SettingsError" not in error, "for a person"


def test_a_mended_network_is_retried() -> None:
    study = make_new_study(network="efficientnet_light0")
    errors_of(study)
    study.network.name = "efficientnet_lite0"
    study.network.save()
    for image in study.images.all():
        assert jobs_retry(jobs=Job.objects.filter(pk=job_of(image).pk))
    assert not regions_work(study_id=study.pk, seconds=120)
    done = Job.objects.filter(study=study, kind=JobKind.REGIONS, state=JobState.DONE, error="")
    assert done.count() == 3
