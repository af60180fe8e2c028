"""Coordinates of the plots, by hand: the box is 100 by 40, with a rim of 4 above and below."""

from glimpse.play.plots import (
    Fit,
    Mark,
    Scale,
    dot_radius,
    path_plot,
    trend_plot,
    trend_scale,
    whisker,
    whisker_scale,
)


def test_values_stand_in_the_middle_of_equal_columns() -> None:
    plot = path_plot([(0.0, True), (10.0, False), None, (5.0, True)])
    assert plot.marks == [
        Mark("12.50", "36.00", True),
        Mark("37.50", "4.00", False),
        Mark("87.50", "20.00", True),
    ]
    assert plot.line == "M12.50 36.00L37.50 4.00M87.50 20.00", "nothing joins what a gap parts"
    assert (plot.zero, plot.fit, plot.band) == ("36.00", "", "")


def test_nothing_but_zeros_lies_on_the_axis() -> None:
    assert {mark.y for mark in path_plot([(0.0, True), (0.0, True)]).marks} == {"36.00"}
    assert path_plot([]).marks == [] == path_plot([None]).marks


def test_a_line_runs_from_the_first_column_to_the_last() -> None:
    scale = trend_scale([[0.0, 2.0, 4.0], [None, 1.0, None]])
    assert scale == Scale(0.0, 4.0)
    plot = trend_plot([0.0, 2.0, 4.0], Fit(0.0, 4.0), scale)
    assert plot.fit == "M16.67 36.00L83.33 4.00"
    assert plot.band == "", "a slope without an interval"
    assert plot.line == "M16.67 36.00L50.00 20.00L83.33 4.00"


def test_the_band_turns_about_the_middle_of_what_is_there() -> None:
    scale = Scale(0.0, 4.0)
    plot = trend_plot([1.0, 2.0, 3.0], Fit(1.0, 2.0, 0.0, 4.0), scale)
    assert plot.band == "M50.00 20.00L16.67 20.00V36.00ZM50.00 20.00L83.33 20.00V4.00Z"
    gap = trend_plot([1.0, 2.0, None], Fit(1.0, 2.0, 2.0, 2.0), scale)
    assert gap.band.startswith("M33.33 24.00L16.67 28.00V28.00Z"), "the middle of two columns, on the line"
    assert trend_plot([1.0], Fit(1.0, 0.0, 0.0, 0.0), scale).band == "", "one column has no slope"


def test_whiskers_share_a_scale_with_zero_on_it() -> None:
    fits = [Fit(0.0, 1.0, 0.5, 3.0), Fit(0.0, -1.0)]
    scale = whisker_scale(fits)
    assert scale == Scale(-1.0, 3.0)
    found = whisker(fits[0], scale)
    assert (found.at, found.zero, found.interval) == ("50.00", "27.00", "M38.50 5H96.00")
    assert whisker(fits[1], scale).interval == ""


def test_the_area_of_a_dot_is_its_score() -> None:
    assert (dot_radius(100), dot_radius(25), dot_radius(0)) == ("7.50", "3.75", "0.00")
