import json
import time

from tests.labeling.installation import Installation


def test_the_demo_prepares_itself_once(installation: Installation) -> None:
    summary = json.loads(installation.manage("demo", "--prepare-only").splitlines()[-1])
    assert (summary["images"], summary["failed"]) == (40, 0)
    assert summary["seconds"] > 0
    assert summary["measured"] == summary["regions"]
    queries = (
        "select id, prepared_at, predicted_name from labeling_image order by id",
        "select id, image_id, layer, weight from labeling_region order by id",
        "select id, state, attempt from labeling_job order by id",
    )
    first = [installation.rows(query) for query in queries]
    assert len(first[1]) == summary["regions"] > 40
    assert {row[1:] for row in first[2]} == {("done", 1)}
    right = installation.rows("select 1 from labeling_image where class_name = predicted_name")
    assert len(right) > 30, "the packaged network knows most of the photos"
    assert installation.rows("select 1 from labeling_image where true_class is null") == []

    started = time.monotonic()
    again = json.loads(installation.manage("demo", "--prepare-only").splitlines()[-1])
    assert time.monotonic() - started < 15
    assert {**again, "seconds": summary["seconds"]} == summary
    assert [installation.rows(query) for query in queries] == first
