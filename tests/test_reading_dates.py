"""Publication dates as written in fields and at the head of a report; nothing is taken from a sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.reading import BadDate, publication_date
from dragoman.reading.dateline import dateline


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2022-02-25", "2022-02-25"),
        (" 2022/02/25\n", "2022-02-25"),
        ("20220225", "2022-02-25"),
        ("20220225061000", "2022-02-25T06:10:00"),
        ("2019-11-29 18:11:52Z", "2019-11-29T18:11:52Z"),
        ("2022-02-25T06:10", "2022-02-25T06:10:00"),
        ("2022-02-25T06:10:00.123456+00:00", "2022-02-25T06:10:00Z"),
        ("2022-02-25T06:10:00+03:00", "2022-02-25T06:10:00+03:00"),
        ("2022-02-25 06:10:00 -0330", "2022-02-25T06:10:00-03:30"),
        ("Fri, 25 Feb 2022 06:10:00 +0000", "2022-02-25T06:10:00Z"),
        ("Fri, 25 Feb 2022 06:10:00 GMT", "2022-02-25T06:10:00Z"),
        ("25 Feb 2022 06:10:00 EST", "2022-02-25T06:10:00-05:00"),
        ("25 February 2022", "2022-02-25"),
        ("1st of May, 2021", "2021-05-01"),
        ("Feb. 25, 2022, 6:10 PM GMT", "2022-02-25T18:10:00Z"),
        ("Feb 25 2022 12:05 a.m.", "2022-02-25T00:05:00"),
        ("Sept. 3, 2021", "2021-09-03"),
        ("25-Feb-2022", "2022-02-25"),
        ("29 February 2020", "2020-02-29"),
    ],
)
def test_dates_with_one_reading_are_read(written: str, iso: str) -> None:
    assert publication_date(written) == iso


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2022-02-30", "does not exist"),
        ("31 April 2021", "does not exist"),
        ("29 February 2021", "does not exist"),
        ("0000-00-00", "does not exist"),
        ("2022-02-25 25:00", "time that does not exist"),
        ("2022-02-25 13:00 PM", "time that does not exist"),
        ("03/04/2021", "which is day"),
        ("3.4.21", "which is day"),
        ("yesterday", "not read as a date"),
        ("2022-02", "not read as a date"),
        ("March 2022", "not read as a date"),
        ("1645747200", "not read as a date"),
        ("2022-02-25 and later", "not read as a date"),
        ("", "not read as a date"),
    ],
)
def test_other_dates_are_refused_with_the_fix(written: str, why: str) -> None:
    with pytest.raises(BadDate, match=why) as caught:
        publication_date(written)
    assert "YYYY-MM-DD" in str(caught.value) or "HH:MM" in str(caught.value)
    assert len(str(caught.value)) < 120


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.integers(-12 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters)),
)
def test_any_moment_keeps_its_meaning(moment: datetime, offset: timedelta) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(offset))
    for written in (aware.isoformat(), str(aware), format_datetime(aware)):
        assert datetime.fromisoformat(publication_date(written)) == aware


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_any_day_in_any_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%a %d %b %Y", "%A, %b. %d, %Y", "%Y%m%d"):
        assert publication_date(day.strftime(form)) == day.isoformat()


@given(st.text(max_size=40) | st.from_regex(r"[0-9/: TZ+-]{0,25}"))
def test_anything_else_is_a_date_or_refused(written: str) -> None:
    with suppress(BadDate):
        datetime.fromisoformat(publication_date(written))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("date 2022-02-25 Troops crossed the river.", "2022-02-25"),
        ("Date: 25 February 2022. Troops crossed the river.", "25 February 2022"),
        ("Published: 25 February 2022 Troops crossed the river.", "25 February 2022"),
        ("NAIROBI, 25 February 2022 — The army said it fled.", "25 February 2022"),
        ("NAIROBI, Kenya, Feb. 25, 2022 (Agency) - The army fled.", "Feb. 25, 2022"),
        ("NAIROBI (Agency), Friday, February 25, 2022 -- The army fled.", "Friday, February 25, 2022"),
        ("PORT-AU-PRINCE, 2022-02-25 – the army fled.", "2022-02-25"),
        ("GENEVA/NEW YORK (25 February 2022) – “We demand”, they said.", "25 February 2022"),
        ("MINSK, February 25, 2022. /AGENCY/. The army fled.", "February 25, 2022"),
        ("February 25, 2022 (Agency) - the army fled.", "February 25, 2022"),
        ("25 February 2022 — The army fled.", "25 February 2022"),
        ("25 February 2022\n\nThe army fled.", "25 February 2022"),
        (
            "\r\n  Friday, 25 February 2022, 14:30 GMT\r\nThe army fled.",
            "Friday, 25 February 2022, 14:30 GMT",
        ),
        ("Army flees capital\nBy A. Writer\n25 February 2022 | Agency\nThe army fled.", "25 February 2022"),
        ("Army flees capital\n\nNAIROBI, 25 February 2022 — The army fled.", "25 February 2022"),
        ("Nairobi, 25 February 2022\nThe army fled.", "25 February 2022"),
    ],
)
def test_a_date_at_the_head_is_the_publication_s(text: str, written: str) -> None:
    found = dateline(text)
    assert found
    assert text[found.start : found.end] == written
    assert found.published
    assert found.published[:10] == "2022-02-25"


@pytest.mark.parametrize(
    "text",
    [
        "25 February 2022 was the day on which the army fled.",
        "On 25 February 2022 — a Friday — the army fled.",
        "In Nairobi, 25 February 2022 — a Friday — is remembered.",
        "25 February 2022 — a day that changed the war.",
        "25 February 2022 – 3 March 2022: the army retreats.",
        "2022-02-25 - 2022-03-03: the army retreats.",
        "The army fled on February 25, 2022 - rebels said so.",
        "Published 25 February 2022 in Geneva, the report blames the army.",
        "The accord was signed on\n25 February 2022\nin Geneva.",
        "The army fled Goma in the night of\n25 February 2022\nThe rebels came.",
        "25 February 2022\nwas the day on which the army fled.",
        "NAIROBI, February 25 (Agency) - The army fled.",
        "NAIROBI — The army fled.",
        "One\nTwo\nThree\nFour\n25 February 2022\nThe army fled.",
        "25/02/2022\nThe army fled.",
        "May 2022 brought rain.",
        "",
        "\n \n",
    ],
)
def test_other_dates_are_not(text: str) -> None:
    assert dateline(text) is None


def test_a_day_that_does_not_exist_is_no_date() -> None:
    found = dateline("NAIROBI, 31 February 2022 — The army fled.")
    assert found
    assert found.published is None
    assert "does not exist" in str(found.problem)


@given(st.text(max_size=200) | st.text("Aa0123 ,.-—()/\n:", max_size=400))
def test_any_text_is_searched_without_error(text: str) -> None:
    found = dateline(text)
    assert found is None or publication_date(text[found.start : found.end]) == found.published or found.problem
