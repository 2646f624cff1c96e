"""What holds for any text: offsets that slice, values that read back, order, and no error."""

from __future__ import annotations

import datetime as dt

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dragoman.times import TimeExpression, find
from dragoman.times import calendar as cal
from dragoman.times.words import VOCABULARY, WEEKDAYS

DATES = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
PUBLISHED = DATES.map(dt.date.isoformat) | st.none()
NAMES = ["March", "May", "Friday", "Sunday", "Ramadan", "Easter", "İstanbul", "😀", "é", "will", "met", "\n"]
FIGURES = [
    "2021",
    "1999",
    "31",
    "30",
    "0",
    "100",
    "9999",
    "99999999999",
    "06/07/08",
    "2025-03-10T12:30:00Z",
    "15:30",
]
WORDS = st.sampled_from([*sorted(VOCABULARY), *NAMES, *FIGURES])
PHRASES = st.lists(WORDS | st.text(max_size=4), max_size=40).map(" ".join)


def check(text: str, found: list[TimeExpression]) -> None:
    at = 0
    for one in found:
        assert at <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == text[one.start : one.end].strip()
        assert one.reason
        at = one.end
        for each in (one, *one.parts):
            assert one.start <= each.start < each.end <= one.end
            if each.value is not None:
                first, last = cal.parse(each.value)
                assert first <= last
                assert each.kind not in ("vague", "set", "duration")


@settings(max_examples=300, deadline=None)
@given(PHRASES, PUBLISHED)
@example("the last day of 0001 and 1000 years ago", "2025-03-14")
@example("9000 decades ago, over the next 8999 centuries", "2025-03-14")
@example("31 February and 30 of February", "2025-03-14")
def test_any_words_of_time_give_sound_expressions(text: str, published: str | None) -> None:
    check(text, find(text, published))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=12) | st.none())
def test_any_text_gives_sound_expressions(text: str, published: str | None) -> None:
    check(text, find(text, published))


@given(PHRASES, PUBLISHED)
@settings(max_examples=50, deadline=None)
def test_the_same_text_gives_the_same_expressions(text: str, published: str | None) -> None:
    assert find(text, published) == find(text, published)


@given(DATES)
def test_every_day_written_out_reads_back(date: dt.date) -> None:
    forms = [f"{date:%B} {date.day}, {date.year}", f"{date.day} {date:%B} {date.year}", date.isoformat()]
    forms.append(f"{date:%A}, {date:%B} {date.day}, {date.year}")
    for form in forms:
        text = f"They met on {form} in the port."
        (found,) = find(text, None)
        assert text[found.start : found.end] == form
        assert found.value == date.isoformat()


@given(DATES, st.sampled_from(sorted(WEEKDAYS)))
def test_weekdays_are_the_nearest_by_the_tense(date: dt.date, name: str) -> None:
    (past,) = find(f"Troops attacked the port on {name.title()}.", date.isoformat())
    (ahead,) = find(f"Troops will leave the port on {name.title()}.", date.isoformat())
    assert past.value is not None
    assert ahead.value is not None
    back, on = dt.date.fromisoformat(past.value), dt.date.fromisoformat(ahead.value)
    assert back.weekday() == on.weekday() == WEEKDAYS[name]
    assert 0 <= (date - back).days < 7
    assert 0 <= (on - date).days < 7


@given(DATES, st.integers(0, 300))
def test_a_day_near_publication_needs_no_year(published: dt.date, back: int) -> None:
    date = published - dt.timedelta(days=back)
    (found,) = find(f"Troops attacked the port on {date:%B} {date.day}.", published.isoformat())
    if (date.month, date.day) != (2, 29):
        assert found.value == date.isoformat()


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    st.integers(1, 200),
    st.sampled_from(["day", "week"]),
)
def test_ago_counts_back_from_publication(published: dt.date, count: int, unit: str) -> None:
    (found,) = find(f"They met {count} {unit}s ago.", published.isoformat())
    assert found.value is not None
    first, last = cal.parse(found.value)
    meant = published - dt.timedelta(days=count * (7 if unit == "week" else 1))
    assert first <= meant <= last


@given(st.text(alphabet="İIıßΣéa\u0301 \u202e\u200fםשמ😀", max_size=20))
def test_offsets_hold_where_lower_case_is_longer(before: str) -> None:
    text = f"{before} \nThey met on Tuesday."
    found = find(text, "2025-03-14")[-1]
    assert text[found.start : found.end] == "Tuesday"
