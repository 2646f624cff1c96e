"""The calendar under the room: publication dates, feasts, other calendars, and values that read back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.times import calendar as cal
from dragoman.times import feasts, find, normalise_published

DATES = st.dates(dt.date(1600, 1, 1), dt.date(2400, 12, 31))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2022-02-25", "2022-02-25"),
        ("2019-11-29 18:11:52Z", "2019-11-29"),
        ("2022-02-25T06:10:00+07:00", "2022-02-25"),
        ("20220225", "2022-02-25"),
        ("20220225T061000Z", "2022-02-25"),
        ("2022/02/25", "2022-02-25"),
        ("Fri, 25 Feb 2022 06:10:00 GMT", "2022-02-25"),
        ("25 February 2022", "2022-02-25"),
        ("25-Feb-2022", "2022-02-25"),
        ("Friday, February 25, 2022", "2022-02-25"),
        ("Feb. 25, 2022", "2022-02-25"),
        ("25.02.2022", "2022-02-25"),
        ("03.02.2009", "2009-02-03"),
        ("02/25/2022", "2022-02-25"),
        ("25/02/2022", "2022-02-25"),
        (" 2022-02-25\n", "2022-02-25"),
        ("03/02/2009", None),
        ("03-02-2009", None),
        ("2022-02-30", None),
        ("2022-13-01", None),
        ("30 Febuary 2022", None),
        ("2022", None),
        ("", None),
        ("yesterday", None),
        ("2022-02-25" * 20, None),
    ],
)
def test_publication_dates(written: str, expected: str | None) -> None:
    found = normalise_published(written)
    assert (found.isoformat() if found else None) == expected


@given(DATES)
def test_publication_dates_read_back_in_every_form(date: dt.date) -> None:
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%d.%m.%Y"):
        assert normalise_published(date.strftime(form)) == date


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert normalise_published(text) is None or isinstance(normalise_published(text), dt.date)


@given(DATES, st.sampled_from(sorted(cal.RANK)), st.integers(-60, 60))
def test_shifted_stretches_read_back_from_their_value(date: dt.date, unit: str, count: int) -> None:
    if unit in ("season", "span"):
        return
    count = count // 8 if unit == "century" else count
    found = cal.shifted(date, unit, count)
    assert cal.parse(found.value) == (found.first, found.last)
    assert found.grain == unit
    if count == 0 and unit != "weekend":
        assert found.first <= date <= found.last


@given(DATES, st.sampled_from(["day", "week", "month", "quarter", "half", "year", "decade"]))
def test_neighbouring_stretches_meet(date: dt.date, unit: str) -> None:
    here, after = cal.shifted(date, unit, 0), cal.shifted(date, unit, 1)
    assert after.first - here.last == dt.timedelta(days=1)


@given(DATES)
def test_weeks_run_from_monday_to_sunday(date: dt.date) -> None:
    found = cal.week(date)
    assert (found.first.weekday(), found.last.weekday()) == (0, 6)
    assert found.first <= date <= found.last


@pytest.mark.parametrize("value", ["", "2025-13", "2025-02-30", "2025-03-14/2025-03-01", "25", "x/y"])
def test_what_is_no_date_of_the_codebook_is_an_error(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cal.parse(value)


# Facts of public record, one by one.
@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        (("ramadan",), 2021, "2021-04-13", "2021-05-12"),
        (("ramadan",), 2024, "2024-03-11", "2024-04-09"),
        (("eid", "al", "-", "fitr"), 2023, "2023-04-21", "2023-04-21"),
        (("easter",), 2019, "2019-04-21", "2019-04-21"),
        (("easter",), 2024, "2024-03-31", "2024-03-31"),
        (("orthodox", "easter"), 2024, "2024-05-05", "2024-05-05"),
        (("good", "friday"), 2022, "2022-04-15", "2022-04-15"),
        (("thanksgiving",), 2023, "2023-11-23", "2023-11-23"),
        (("nowruz",), 2021, "2021-03-21", "2021-03-21"),
        (("nowruz",), 2024, "2024-03-20", "2024-03-20"),
        (("lunar", "new", "year"), 2025, "2025-01-29", "2025-01-29"),
    ],
)
def test_feasts_of_known_years(name: tuple[str, ...], year: int, first: str, last: str) -> None:
    (found,) = feasts.falls(name, year)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize("year", range(1990, 2036))
def test_ramadan_of_every_year_agrees_with_the_tabular_calendar(year: int) -> None:
    found = feasts.falls(("ramadan",), year)
    assert found
    for ramadan in found:
        assert (ramadan.last - ramadan.first).days in (28, 29)
        hijri = [feasts.islamic(ah, 9) for ah in range(1405, 1465)]
        assert min(abs((ramadan.first - date).days) for date in hijri) <= 2


def test_ramadan_came_twice_in_two_years() -> None:
    assert [year for year in range(1990, 2036) if len(feasts.falls(("ramadan",), year)) == 2] == [1997, 2030]
    assert feasts.falls(("ramadan",), 1989) == ()


@given(st.integers(1600, 2400))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    assert feasts.easter(year).weekday() == 6
    assert dt.date(year, 3, 22) <= feasts.easter(year) <= dt.date(year, 4, 25)
    assert feasts.orthodox_easter(year).weekday() == 6


@given(st.integers(1300, 1460))
def test_years_of_other_calendars_follow_each_other(number: int) -> None:
    one, two = feasts.solar_year(number), feasts.solar_year(number + 1)
    assert one is not None
    assert two is not None
    assert two.first - one.last == dt.timedelta(days=1)
    assert (one.last - one.first).days in (364, 365)
    lunar, after = feasts.hijri_year(number), feasts.hijri_year(number + 1)
    assert lunar is not None
    assert after is not None
    assert after.first - lunar.last == dt.timedelta(days=1)
    assert (lunar.last - lunar.first).days in (353, 354)


def test_nowruz_fell_on_the_day_of_record() -> None:
    early = [year for year in range(1996, 2029) if feasts.nowruz(year).day == 20]
    assert early == [1996, 2000, 2004, 2008, 2012, 2016, 2020, 2024, 2028]
    assert feasts.nowruz(1979) == dt.date(1979, 3, 21)


def test_calendars_refuse_years_they_do_not_reach() -> None:
    assert feasts.hijri_year(0) is None
    assert feasts.hijri_year(2021) is None
    assert feasts.solar_year(1000) is None


# Published dates of 15 Nisan.
@pytest.mark.parametrize(
    ("year", "first"),
    [(1973, "04-17"), (1999, "04-01"), (2000, "04-20"), (2016, "04-23"), (2019, "04-20"), (2021, "03-28")],
)
def test_passover_of_known_years(year: int, first: str) -> None:
    assert feasts.passover(year).isoformat() == f"{year}-{first}"


@given(st.integers(1583, 2400))
def test_passover_never_begins_on_a_monday_wednesday_or_friday(year: int) -> None:
    found = feasts.passover(year)
    assert found.weekday() not in (0, 2, 4)
    assert dt.date(year, 3, 20) <= found <= dt.date(year, 5, 10)
    # The year that it leads to has one of the lengths that the calendar allows.
    assert (feasts.passover(year + 1) - found).days in (353, 354, 355, 383, 384, 385)


SOLAR = "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand".split()


@given(st.integers(1178, 1499), st.integers(0, 11), st.integers(1, 29))
def test_solar_days_fall_in_their_year_and_order(year: int, month: int, day: int) -> None:
    def read(day: int, month: str) -> dt.date:
        (found,) = find(f"He was freed on {day} {month} {year}.", "2025-03-14")
        assert found.value is not None
        return dt.date.fromisoformat(found.value)

    found = read(day, SOLAR[month])
    whole = feasts.solar_year(year)
    assert whole is not None
    assert whole.first <= found <= whole.last
    assert (found - whole.first).days == month * 31 - max(0, month - 6) + day - 1
