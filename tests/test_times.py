"""What the words of a report come to, counted from a Friday: 14 March 2025."""

from __future__ import annotations

import pytest
from tests.timing import least

from dragoman.times import TimeExpression, find

PUBLISHED = "2025-03-14"  # a Friday


def one(text: str, published: str | None = PUBLISHED) -> TimeExpression:
    found = find(text, published)
    assert len(found) == 1, [(text[e.start : e.end], e.value, e.kind) for e in found]
    return found[0]


CASES = [
    # weekdays, by the tense
    ("Rebels shelled the port on Tuesday.", "Tuesday", "2025-03-11"),
    ("Troops entered the town Friday, officials said.", "Friday", "2025-03-14"),
    ("The envoy will visit the capital on Friday.", "Friday", "2025-03-14"),
    ("The envoy will visit the capital on Tuesday.", "Tuesday", "2025-03-18"),
    ("The two sides agreed to meet on Monday.", "Monday", "2025-03-17"),
    ("Officials said Wednesday that talks will resume.", "Wednesday", "2025-03-12"),
    ("On Thursday, police arrested six people.", "Thursday", "2025-03-13"),
    ("On Sunday, voters will elect a president.", "Sunday", "2025-03-16"),
    ("Saturday's attack killed four people.", "Saturday", "2025-03-08"),
    ("The vote is scheduled for Sunday.", "Sunday", "2025-03-16"),
    ("The hostages must be freed by Monday.", "Monday", "2025-03-17"),
    ("The ceasefire collapsed last Tuesday.", "last Tuesday", "2025-03-11"),
    ("The court will rule next Friday.", "next Friday", "2025-03-21"),
    ("The court will rule this Sunday.", "this Sunday", "2025-03-16"),
    ("The raid took place on Monday last week.", "Monday last week", "2025-03-03"),
    ("A report due Friday (Dec. 13) lists them.", "Friday (Dec. 13)", "2024-12-13"),
    ("He was held on Thursday, March 6, in the port.", "Thursday, March 6", "2025-03-06"),
    ("Police fired on the crowd early on Friday.", "early on Friday", "2025-03-14"),
    ("Earlier on Monday, the army withdrew.", "Earlier on Monday", "2025-03-10"),
    ("Shells hit the market late Wednesday.", "late Wednesday", "2025-03-12"),
    # the day of publication and its neighbours
    ("The parliament met today.", "today", "2025-03-14"),
    ("He resigned yesterday.", "yesterday", "2025-03-13"),
    ("The envoy arrives tomorrow.", "tomorrow", "2025-03-15"),
    ("He left the day before yesterday.", "the day before yesterday", "2025-03-12"),
    ("He returns the day after tomorrow.", "the day after tomorrow", "2025-03-16"),
    # weeks, months and years around publication
    ("The talks resumed this week.", "this week", "2025-03-10/2025-03-14"),
    ("They met during last year's Ramadan.", "last year's Ramadan", "2024-03-11/2024-04-09"),
    ("The march was on 22 Bahman 1403.", "22 Bahman 1403", "2025-02-10"),
    ("He was freed on Farvardin 3, 1403.", "Farvardin 3, 1403", "2024-03-22"),
    ("He was shot on 12 Ramadan 1445.", "12 Ramadan 1445", "2024-03-22"),
    ("They signed it on the 31st of Mehr 1403.", "31st of Mehr 1403", None),
    ("He was shot on 12 Shawwal.", "12 Shawwal", None),
    ("Troops moved before Rosh Hashanah 2023.", "Rosh Hashanah 2023", "2023-09-16"),
    ("The attack on Yom Kippur in 1973 began it.", "Yom Kippur in 1973", "1973-10-06"),
    ("The truce held during Passover last year.", "Passover last year", "2024-04-23/2024-04-29"),
    ("The truce held last Diwali.", "last Diwali", "2024-10-31"),
    ("They voted the week before last.", "the week before last", "2025-02-24/2025-03-02"),
    ("They will vote the year after next.", "the year after next", "2027"),
    ("The talks will resume this week.", "this week", "2025-03-10/2025-03-16"),
    ("The talks ended last week.", "last week", "2025-03-03/2025-03-09"),
    ("They will meet next week.", "next week", "2025-03-17/2025-03-23"),
    ("Prices rose last month.", "last month", "2025-02"),
    ("A vote is due next month.", "next month", "2025-04"),
    ("Talks failed earlier this month.", "earlier this month", "2025-03"),
    ("The treaty was signed last year.", "last year", "2024"),
    ("He fled in June last year.", "June last year", "2024-06"),
    ("He fled in June of last year.", "June of last year", "2024-06"),
    ("He was jailed last November.", "last November", "2024-11"),
    ("They spoke by phone late last year.", "late last year", "2024"),
    ("They clashed over the weekend.", "the weekend", "2025-03-08/2025-03-09"),
    ("They will vote this weekend.", "this weekend", "2025-03-15/2025-03-16"),
    ("They clashed last weekend.", "last weekend", "2025-03-08/2025-03-09"),
    # days and months, with and without their year
    ("He was elected in June 2021.", "June 2021", "2021-06"),
    ("A truce began on March 6.", "March 6", "2025-03-06"),
    ("A truce began on 6 March.", "6 March", "2025-03-06"),
    ("A truce began on the 6th of March.", "the 6th of March", "2025-03-06"),
    ("The junta took power on Feb. 1, 2021.", "Feb. 1, 2021", "2021-02-01"),
    ("The junta took power on 1 February 2021.", "1 February 2021", "2021-02-01"),
    ("The law passed in December.", "December", "2024-12"),
    ("The summit will be held in June.", "June", "2025-06"),
    ("He was ordered to appear on March 27.", "March 27", "2025-03-27"),
    ("A bomb went off on Nov. 30.", "Nov. 30", "2024-11-30"),
    ("The case was heard in mid-March.", "mid-March", "2025-03"),
    ("He visited Europe in late September.", "late September", "2024-09"),
    ("The court ruled in early 2017.", "early 2017", "2017"),
    ("The act of 2009 was repealed.", "2009", "2009"),
    ("It dates from 1453.", "1453", "1453"),
    ("The camps opened in the 1990s.", "the 1990s", "1990/1999"),
    ("The wars of the '80s scarred it.", "the '80s", "1980/1989"),
    ("A 19th-century fort was shelled.", "19th-century", "1801/1900"),
    ("Signed on 2021-03-06 in the port.", "2021-03-06", "2021-03-06"),
    ("Signed on 25/12/2021 in the port.", "25/12/2021", "2021-12-25"),
    ("Signed on 12/25/2021 in the port.", "12/25/2021", "2021-12-25"),
    ("Signed on 06.03.2021 in the port.", "06.03.2021", "2021-03-06"),
    ("It rose in the first quarter of 2024.", "the first quarter of 2024", "2024-01/2024-03"),
    ("It rose in Q3 2024.", "Q3 2024", "2024-07/2024-09"),
    ("It fell in the first half of 2024.", "the first half of 2024", "2024-01/2024-06"),
    ("It fell in the fourth quarter.", "the fourth quarter", "2024-10/2024-12"),
    ("They fought in the summer of 2014.", "the summer of 2014", "2014-06/2014-08"),
    ("They fought last winter.", "last winter", "2024-12/2025-02"),
    ("They met in the last week of March 2022.", "the last week of March 2022", "2022-03-25/2022-03-31"),
    ("They vote on the first Sunday of May 2022.", "the first Sunday of May 2022", "2022-05-01"),
    ("It ends at the end of the year.", "the end of the year", "2025"),
    ("The raid of the week of March 3 failed.", "the week of March 3", "2025-03-03/2025-03-09"),
    # ranges
    ("He has been held since March 6.", "since March 6", "2025-03-06/2025-03-14"),
    ("It has ruled since 2019.", "since 2019", "2019/2025-03-14"),
    ("It has tested missiles since May.", "since May", "2024-05/2025-03-14"),
    ("It has shelled the city since Monday.", "since Monday", "2025-03-10/2025-03-14"),
    ("It has fallen since the start of the year.", "since the start of the year", "2025-01-01/2025-03-14"),
    ("It has fallen since three weeks ago.", "since three weeks ago", "2025-02-17/2025-03-14"),
    ("War raged between 2014 and 2016.", "between 2014 and 2016", "2014/2016"),
    ("War raged from 2014 to 2016.", "from 2014 to 2016", "2014/2016"),
    ("The 2014-16 war killed many.", "2014-16", "2014/2016"),
    ("They met from March 3 to 5.", "from March 3 to 5", "2025-03-03/2025-03-05"),
    ("They met from 3 to 5 March.", "from 3 to 5 March", "2025-03-03/2025-03-05"),
    ("They met on March 3-5, 2021.", "March 3-5, 2021", "2021-03-03/2021-03-05"),
    ("They met on 3-5 March 2021.", "3-5 March 2021", "2021-03-03/2021-03-05"),
    ("It ran from December 28 to January 3.", "from December 28 to January 3", "2024-12-28/2025-01-03"),
    ("It ran from March 2020 to June.", "from March 2020 to June", "2020-03/2020-06"),
    ("It ran between April and June 2019.", "between April and June 2019", "2019-04/2019-06"),
    ("They struck from Monday to Wednesday.", "from Monday to Wednesday", "2025-03-10/2025-03-12"),
    ("It fell over the past two weeks.", "the past two weeks", "2025-02-28/2025-03-14"),
    ("It fell in the last 15 months.", "the last 15 months", "2023-12/2025-03-14"),
    ("It fell over the past decade.", "the past decade", "2015/2025-03-14"),
    ("It will fall over the next six months.", "the next six months", "2025-03-14/2025-09"),
    ("It has carried out 12 raids so far this year.", "so far this year", "2025-01-01/2025-03-14"),
    ("Five died in the past 24 hours.", "the past 24 hours", "2025-03-13/2025-03-14"),
    # counted from publication
    ("He fled three weeks ago.", "three weeks ago", "2025-02-17/2025-02-23"),
    ("He fled two days ago.", "two days ago", "2025-03-12"),
    ("He fled a year ago.", "a year ago", "2024"),
    ("He fled 10 years ago.", "10 years ago", "2015"),
    ("He fled two months ago.", "two months ago", "2025-01"),
    ("The ban will end in two weeks.", "two weeks", "2025-03-24/2025-03-30"),
    ("The ban will end two years from now.", "two years from now", "2027"),
    ("It fell two days after March 6, 2021.", "two days after March 6, 2021", "2021-03-08"),
    (
        "On the third anniversary of Feb. 24, 2022, they met.",
        "the third anniversary of Feb. 24, 2022",
        "2025-02-24",
    ),
    ("He was shot on 9/11 as well.", "9/11", "2001-09-11"),
    ("It followed the Oct. 7 attack by the group.", "Oct. 7", "2023-10-07"),
    ("The trial opens on the 15th of next month.", "the 15th of next month", "2025-04-15"),
    ("By Wednesday, thousands had fled.", "Wednesday", "2025-03-12"),
    ("The port is to remain closed until Monday.", "Monday", "2025-03-17"),
    ("They waited until Monday.", "Monday", "2025-03-10"),
    ("Filed 2025-03-10T12:30:00Z by wire.", "2025-03-10T12:30:00Z", "2025-03-10"),
    ("It followed the Sept. 11 attacks.", "Sept. 11", "2001-09-11"),
    # feasts and other calendars
    ("Strikes fell during Ramadan 2021.", "Ramadan 2021", "2021-04-13/2021-05-12"),
    ("Strikes fell during Ramadan last year.", "Ramadan last year", "2024-03-11/2024-04-09"),
    ("They fasted as Ramadan began.", "Ramadan", "2025-03-01/2025-03-29"),
    ("Strikes fell during Ramadan 1442.", "Ramadan 1442", "2021-04-13/2021-05-12"),
    ("A truce held on Eid al-Adha 2024.", "Eid al-Adha 2024", "2024-06-16"),
    ("A truce held on Eid al-Fitr in 2023.", "Eid al-Fitr in 2023", "2023-04-21"),
    ("A bomb killed dozens at Easter 2019.", "Easter 2019", "2019-04-21"),
    ("A bomb killed dozens on Easter Sunday 2019.", "Easter Sunday 2019", "2019-04-21"),
    ("They met on Good Friday 2022.", "Good Friday 2022", "2022-04-15"),
    ("They fled on Christmas Eve.", "Christmas Eve", "2024-12-24"),
    ("They fled on New Year's Eve.", "New Year's Eve", "2024-12-31"),
    ("The mosque was built in 1400 AH by masons.", "1400 AH", "1979-11/1980-11"),
    ("The budget for solar year 1401 was passed.", "solar year 1401", "2022-03-21/2023-03-20"),
    ("The Iranian year 1403 began well.", "The Iranian year 1403", "2024-03-20/2025-03-20"),
]


@pytest.mark.parametrize(("text", "words", "value"), CASES, ids=[case[1] + " | " + case[0][:20] for case in CASES])
def test_words_and_their_date(text: str, words: str, value: str) -> None:
    found = one(text)
    assert text[found.start : found.end] == words
    assert found.value == value
    assert found.reason


REFUSED = [
    ("Signed on 03/06/2021 in the port.", "03/06/2021", "date", "cannot be told apart"),
    ("He fled on February 30, 2021.", "February 30, 2021", "date", "no day 30"),
    ("He has fled recently.", "recently", "vague", "vague"),
    ("It has worsened in recent weeks.", "recent weeks", "vague", "recent"),
    ("It will worsen in the coming days.", "the coming days", "vague", "ahead"),
    ("He fled several years ago.", "several years ago", "vague", "how many"),
    ("The previous day he fled.", "The previous day", "date", "told before"),
    ("It was the first anniversary of the coup.", "the first anniversary", "date", "event"),
    ("They fasted two days after the vote.", "two days", "duration", "event"),
    ("The army held it for two years.", "two years", "duration", "length"),
    ("Every Friday they march.", "Every Friday", "set", "recurrent"),
    ("They march on Fridays.", "Fridays", "set", "recurrent"),
    ("It costs 15 a year.", "a year", "set", "recurrent"),
    ("They met at 15:30 GMT in the port.", "15:30 GMT", "time-of-day", "time of day"),
    ("Growth in fiscal 2021 was low.", "fiscal 2021", "date", "fiscal"),
]


@pytest.mark.parametrize(("text", "words", "kind", "why"), REFUSED, ids=[case[1] for case in REFUSED])
def test_refused_with_a_reason_rather_than_guessed(text: str, words: str, kind: str, why: str) -> None:
    found = one(text)
    assert (text[found.start : found.end], found.kind, found.value) == (words, kind, None)
    assert why in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "He may go and he may not.",
        "May I come in?",
        "They march for peace and sat in the sun.",
        "Theresa May said nothing.",
        "April Ryan asked and June Smith answered.",
        "Some 2000 soldiers and 1900 people fled.",
        "The council passed Resolution 1701 and flight 1907 left.",
        "It cost $2000 and 2,021 more.",
        "The second attack hit a quarter of the town.",
        "He read the Sunday Times.",
        "The Good Friday Agreement and Christmas Island.",
        "A 70-year-old man and his three-year-old son.",
        "He is in his 80s.",
        "It was Bloody Sunday.",
        "The fall of the city and the Arab Spring.",
        "Version 2.0.1 of 10.0.0.1 is out.",
        "They won 3-2 and 10-8.",
    ],
)
def test_words_that_look_like_times_and_are_not(text: str) -> None:
    assert [text[e.start : e.end] for e in find(text, PUBLISHED)] == []


def values(text: str, published: str | None = PUBLISHED) -> list[tuple[str, str | None]]:
    return [(text[e.start : e.end], e.value) for e in find(text, published)]


def test_words_that_point_back_count_from_the_date_told_last() -> None:
    text = "On March 3 he was seized. Two days earlier he had spoken. The next day he died. That month was grim."
    assert values(text) == [
        ("March 3", "2025-03-03"),
        ("Two days earlier", "2025-03-01"),
        ("The next day", "2025-03-02"),
        ("That month", "2025-03"),
    ]


def test_later_in_the_day_is_the_day_told_before() -> None:
    text = "Shells fell on Tuesday. Later in the day, the mayor fled."
    assert values(text) == [("Tuesday", "2025-03-11"), ("Later in the day", "2025-03-11")]
    assert values("Earlier in the day, the mayor fled.") == [("Earlier in the day", PUBLISHED)]


def test_a_weekday_told_before_is_the_one_meant_later() -> None:
    text = "They will meet on Tuesday. A spokesman declined to discuss Tuesday's talks."
    assert [value for _, value in values(text)] == ["2025-03-18", "2025-03-18"]


def test_measured_against_a_plan_is_a_length() -> None:
    text = "It left on Monday, a month later than planned."
    assert values(text) == [("Monday", "2025-03-10"), ("a month", None)]


def test_lines_wrapped_for_a_terminal_are_read_across() -> None:
    lines = [
        "The two sides signed the accord that ended the long war on the third of",
        "that month and the last of the foreign troops left the capital on March",
        "6, 2021, after which the council took the reins of the state and held a",
        "vote that was widely seen as fair by those who had come to look at it",
        "from abroad.",
    ]
    assert ("March\n6, 2021", "2021-03-06") in values("\n".join(lines))
    assert values("Lowest level since March\n6, 2021\nIt fell.")[-1][1] != "2021-03-06"


def test_a_date_too_far_back_is_no_anchor() -> None:
    text = "Shells fell on Tuesday. " + "Nothing is known of it. " * 40 + "The next day the mayor fled."
    assert values(text)[-1] == ("The next day", None)


def test_parts_of_a_range_are_kept() -> None:
    found = one("War raged between 2014 and 2016.")
    assert found.kind == "range"
    assert [part.value for part in found.parts] == ["2014", "2016"]
    assert (found.first, found.last) == ("2014", "2016")


def test_days_in_a_row_share_their_month() -> None:
    assert values("They met on March 3 and 5.") == [("March 3", "2025-03-03"), ("5", "2025-03-05")]
    assert values("They met in April and May 2019.") == [("April", "2019-04"), ("May 2019", "2019-05")]
    assert values("On March 3 and 5 people died.") == [("March 3", "2025-03-03")]


def test_a_time_of_day_keeps_its_day() -> None:
    found = one("Shells fell on Tuesday night.")
    assert (found.kind, found.value, found.timex) == ("time-of-day", "2025-03-11", "2025-03-11TNI")
    found = one("They met at 3 p.m. on Tuesday.")
    assert (found.kind, found.value) == ("time-of-day", "2025-03-11")
    found = one("Shells fell on the morning of March 6.")
    assert (found.kind, found.value) == ("time-of-day", "2025-03-06")
    assert values("They were shelled overnight.") == [("overnight", "2025-03-13/2025-03-14")]
    assert values("They were shelled last night.") == [("last night", "2025-03-13")]


def test_without_a_publication_date_only_what_is_written_out_resolves() -> None:
    text = "On Monday, March 6 and June 2021, since 2019, three weeks ago, last week, in the '80s and in June."
    found = values(text, None)
    assert [value for _, value in found if value] == ["2021-06"]
    assert all(e.reason for e in find(text, None))
    assert values("It ran from 2014 to 2016.", None) == [("from 2014 to 2016", "2014/2016")]


def test_the_callers_parse_overrules_the_guess() -> None:
    text = "The two sides agreed to meet on Monday."
    at: list[tuple[int, int]] = []

    def tense_at(start: int, end: int) -> str:
        at.append((start, end))
        return "past"

    assert find(text, PUBLISHED, tense_at=tense_at)[0].value == "2025-03-10"  # type: ignore[arg-type]
    assert [text[start:end] for start, end in at] == ["Monday"]
    assert find(text, PUBLISHED, tense_at=lambda _s, _e: None)[0].value == "2025-03-17"


def test_a_publication_in_the_small_hours_of_utc_says_so() -> None:
    assert "the day before" in find("He fled today.", "2025-03-14 01:53:40Z")[0].reason
    assert "the day before" not in find("He fled today.", "2025-03-14 16:53:40Z")[0].reason


def test_published_with_its_hour_is_the_day_as_written() -> None:
    assert values("He fled today.", "2025-03-14T23:10:00-05:00") == [("today", "2025-03-14")]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "1 " * 100_000,
        "in March 1, 2, 3, " * 10_000,
        "the last first next " * 10_000,
        "Monday " * 28_000,
        "from 2014 to " * 15_000,
        "early late mid-" * 13_000,
        "end of the start of the " * 8_000,
        "since since since " * 11_000,
        "two and a half years after " * 7_000,
        "(((((" * 40_000,
        "3/4/5-6.7/" * 20_000,
        "\n" * 200_000,
        "the anniversary of the first day of " * 5_500,
    ],
    ids=lambda text: text[:16].strip(),
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    assert least(lambda: find(text, PUBLISHED), 1.0) < 1.0


def test_start_up_and_speed_are_within_their_budget() -> None:
    text = " ".join(case[0] for case in CASES)  # far denser in dates than news is
    find(text, PUBLISHED)
    budget = 0.02 * len(text.split()) / 500
    assert least(lambda: find(text, PUBLISHED), budget) < budget
