"""Feasts and other calendars: when Ramadan, Easter and the like fall, and what AH and SH years come to.

Islamic dates here may be a day off: months begin on a sighted or a computed moon, which differs by country.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

from dragoman.times.calendar import Stretch, day, days

# Ramadan by the Umm al-Qura calendar of Saudi Arabia: first day, and the Eid al-Fitr after it.
# 1990 to 2035; twice in 1997 and in 2030. Observance elsewhere begins up to a day earlier or later.
_RAMADAN = """
1990-03-27 1990-04-26  1991-03-17 1991-04-15  1992-03-05 1992-04-04  1993-02-22 1993-03-24
1994-02-11 1994-03-13  1995-01-31 1995-03-02  1996-01-21 1996-02-19  1997-01-10 1997-02-08
1997-12-30 1998-01-29  1998-12-19 1999-01-18  1999-12-09 2000-01-08  2000-11-27 2000-12-27
2001-11-16 2001-12-16  2002-11-06 2002-12-05  2003-10-26 2003-11-25  2004-10-15 2004-11-14
2005-10-04 2005-11-03  2006-09-24 2006-10-23  2007-09-13 2007-10-13  2008-09-01 2008-10-01
2009-08-22 2009-09-20  2010-08-11 2010-09-10  2011-08-01 2011-08-30  2012-07-20 2012-08-19
2013-07-09 2013-08-08  2014-06-28 2014-07-28  2015-06-18 2015-07-17  2016-06-06 2016-07-06
2017-05-27 2017-06-25  2018-05-16 2018-06-15  2019-05-06 2019-06-04  2020-04-24 2020-05-24
2021-04-13 2021-05-13  2022-04-02 2022-05-02  2023-03-23 2023-04-21  2024-03-11 2024-04-10
2025-03-01 2025-03-30  2026-02-18 2026-03-20  2027-02-08 2027-03-09  2028-01-28 2028-02-26
2029-01-16 2029-02-14  2030-01-05 2030-02-04  2030-12-26 2031-01-24  2031-12-15 2032-01-14
2032-12-04 2033-01-02  2033-11-23 2033-12-23  2034-11-12 2034-12-12  2035-11-01 2035-12-01
"""
# The first day of Eid al-Adha by the same calendar, 1990 to 2035; twice in 2006.
_EID_AL_ADHA = """
1990-07-02 1991-06-22 1992-06-11 1993-05-31 1994-05-20 1995-05-09 1996-04-27 1997-04-17 1998-04-07 1999-03-27
2000-03-16 2001-03-05 2002-02-22 2003-02-11 2004-02-01 2005-01-21 2006-01-10 2006-12-31 2007-12-20 2008-12-08
2009-11-27 2010-11-16 2011-11-06 2012-10-26 2013-10-15 2014-10-04 2015-09-23 2016-09-11 2017-09-01 2018-08-21
2019-08-11 2020-07-31 2021-07-20 2022-07-09 2023-06-28 2024-06-16 2025-06-06 2026-05-27 2027-05-16 2028-05-05
2029-04-24 2030-04-13 2031-04-02 2032-03-22 2033-03-11 2034-03-01 2035-02-18
"""
_ONE_DAY = dt.timedelta(days=1)
MOON_NOTE = "by the Umm al-Qura calendar; observance may differ by a day"


@lru_cache(maxsize=1)
def _ramadans() -> tuple[tuple[dt.date, dt.date], ...]:
    read = [dt.date.fromisoformat(word) for word in _RAMADAN.split()]
    return tuple(zip(read[::2], read[1::2], strict=True))


def _ramadan(year: int) -> list[Stretch]:
    return [days(first, eid - _ONE_DAY) for first, eid in _ramadans() if first.year == year]


def _eid_al_fitr(year: int) -> list[Stretch]:
    return [day(eid) for _, eid in _ramadans() if eid.year == year]


def _eid_al_adha(year: int) -> list[Stretch]:
    return _listed_days(_EID_AL_ADHA, year)


def _ashura(year: int) -> list[Stretch]:
    return _islamic(year, 1, 10)


def _arbaeen(year: int) -> list[Stretch]:
    return _islamic(year, 2, 20)


def _mawlid(year: int) -> list[Stretch]:
    return _islamic(year, 3, 12)


# Civil (tabular) Islamic calendar: eleven leap years in thirty; 1 Muharram 1 AH is 19 July 622 Gregorian.
_AH_EPOCH = dt.date(622, 7, 19).toordinal()


def islamic(year: int, month: int = 1, day_: int = 1) -> dt.date:
    """The Gregorian day of a lunar Hijri date by the tabular calendar, which may be a day off.

    Errors: ValueError or OverflowError outside the years 1 to 9999 CE.
    """
    elapsed = (month - 1) * 29 + month // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
    return dt.date.fromordinal(_AH_EPOCH + elapsed + day_ - 1)


def _islamic(year: int, month: int, day_: int) -> list[Stretch]:
    guess = (year - 622) * 33 // 32
    found = (islamic(ah, month, day_) for ah in range(max(1, guess - 1), guess + 3))
    return [day(date) for date in found if date.year == year]


def hijri_year(number: int) -> Stretch | None:
    """A lunar Hijri year (1400 AH is November 1979 to November 1980), to the month; None if out of range."""
    if not 1 <= number <= 1600:
        return None
    first, last = islamic(number), islamic(number + 1) - _ONE_DAY
    value = f"{first.isoformat()[:7]}/{last.isoformat()[:7]}"
    return Stretch(first, last, "span", value, value)


def nowruz(year: int) -> dt.date:
    """1 Farvardin, the first day of the Solar Hijri year that begins in the Gregorian ``year``.

    By the 33-year cycle, which agrees with the observed equinox for the years 1925 to 2088.
    """
    solar = year - 621
    low, high = sorted((solar, _SH_ANCHOR))
    days_apart = (high - low) * 365 + sum(1 for y in range(low, high) if (25 * y + 11) % 33 < 8)
    return dt.date.fromordinal(_SH_DAY + (days_apart if solar >= _SH_ANCHOR else -days_apart))


# 1 Farvardin 1375 was 20 March 1996.
_SH_ANCHOR, _SH_DAY = 1375, dt.date(1996, 3, 20).toordinal()


def solar_year(number: int) -> Stretch | None:
    """A Solar Hijri year (1401 SH is 21 March 2022 to 20 March 2023), by the day; None outside 1178-1500."""
    if not 1178 <= number <= 1500:
        return None
    return days(nowruz(number + 621), nowruz(number + 622) - _ONE_DAY)


def easter(year: int) -> dt.date:
    """Western Easter Sunday, by the Gregorian computus (anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * ell) // 433
    month = (h + ell - 7 * m + 90) // 25
    return dt.date(year, month, (h + ell - 7 * m + 33 * month + 19) % 32)


def orthodox_easter(year: int) -> dt.date:
    """Eastern Easter Sunday as a Gregorian date, by the Julian computus."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, rest = divmod(d + e + 114, 31)
    return dt.date(year, month, rest + 1) + dt.timedelta(days=year // 100 - year // 400 - 2)


# The second new moon after the winter solstice, as celebrated in China.
_LUNAR_NEW_YEARS = """
1990-01-27 1991-02-15 1992-02-04 1993-01-23 1994-02-10 1995-01-31 1996-02-19 1997-02-07 1998-01-28 1999-02-16
2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26
2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05
2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13
2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08
"""


def _lunar_new_year(year: int) -> list[Stretch]:
    return _listed_days(_LUNAR_NEW_YEARS, year)


# Diwali as India keeps it (the day of Lakshmi's worship), 2000 to 2026; a region may keep the day before or after.
_DIWALI = """
2000-10-26 2001-11-14 2002-11-04 2003-10-25 2004-11-12 2005-11-01 2006-10-21 2007-11-09 2008-10-28 2009-10-17
2010-11-05 2011-10-26 2012-11-13 2013-11-03 2014-10-23 2015-11-11 2016-10-30 2017-10-19 2018-11-07 2019-10-27
2020-11-14 2021-11-04 2022-10-24 2023-11-12 2024-10-31 2025-10-20 2026-11-08
"""


def _diwali(year: int) -> list[Stretch]:
    return _listed_days(_DIWALI, year)


def passover(year: int) -> dt.date:
    """15 Nisan, the first day of Passover in a Gregorian year from 1583 on, by Gauss's rule (1802)."""
    jewish = year + 3760
    a, b = (12 * jewish + 17) % 19, jewish % 4
    moon = 32.0440931611436 + 1.5542417966211826 * a + b / 4 - 0.0031777940220922675 * jewish
    march = int(moon)
    weekday = (march + 3 * jewish + 5 * b + 5) % 7
    if weekday in (2, 4, 6) or (weekday == 0 and a > 11 and moon - march >= 0.897723765):
        march += 1
    elif weekday == 1 and a > 6 and moon - march >= 0.632870370:
        march += 2
    # So many days after the last of February of the Julian calendar.
    return dt.date(year, 2, 28) + dt.timedelta(days=march + year // 100 - year // 400 - 2 + _leap(year))


def _leap(year: int) -> int:
    return int(year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _passover(year: int) -> list[Stretch]:
    return [days(passover(year), passover(year) + dt.timedelta(days=6))] if year > 1582 else []


def _from_passover(offset: int) -> Callable[[int], list[Stretch]]:
    return lambda year: [day(passover(year) + dt.timedelta(days=offset))] if year > 1582 else []


def _listed_days(table: str, year: int) -> list[Stretch]:
    return [day(dt.date.fromisoformat(word)) for word in table.split() if word.startswith(f"{year:04}-")]


def _fixed(month: int, day_: int) -> Callable[[int], list[Stretch]]:
    return lambda year: [day(dt.date(year, month, day_))]


def _from_easter(offset: int) -> Callable[[int], list[Stretch]]:
    return lambda year: [day(easter(year) + dt.timedelta(days=offset))] if year > 1582 else []


def _orthodox(year: int) -> list[Stretch]:
    return [day(orthodox_easter(year))] if year > 1582 else []


def _thanksgiving(year: int) -> list[Stretch]:
    first = dt.date(year, 11, 1)
    return [day(first + dt.timedelta(days=(3 - first.weekday()) % 7 + 21))]


def _black_friday(year: int) -> list[Stretch]:
    return [day(stretch.first + _ONE_DAY) for stretch in _thanksgiving(year)]


def _nowruz(year: int) -> list[Stretch]:
    return [day(nowruz(year))] if 1799 <= year <= 2121 else []


# Name in tokens -> days of a year on which it falls, and whether the moon makes them uncertain by one.
FEASTS: dict[tuple[str, ...], tuple[Callable[[int], list[Stretch]], bool]] = {
    ("ramadan",): (_ramadan, True),
    ("ramzan",): (_ramadan, True),
    ("eid", "al", "-", "fitr"): (_eid_al_fitr, True),
    ("eid", "al", "fitr"): (_eid_al_fitr, True),
    ("eid", "al", "-", "adha"): (_eid_al_adha, True),
    ("eid", "al", "adha"): (_eid_al_adha, True),
    ("ashura",): (_ashura, True),
    ("ashoura",): (_ashura, True),
    ("arbaeen",): (_arbaeen, True),
    ("mawlid",): (_mawlid, True),
    ("easter",): (_from_easter(0), False),
    ("easter", "sunday"): (_from_easter(0), False),
    ("easter", "monday"): (_from_easter(1), False),
    ("easter", "saturday"): (_from_easter(-1), False),
    ("good", "friday"): (_from_easter(-2), False),
    ("maundy", "thursday"): (_from_easter(-3), False),
    ("palm", "sunday"): (_from_easter(-7), False),
    ("ash", "wednesday"): (_from_easter(-46), False),
    ("shrove", "tuesday"): (_from_easter(-47), False),
    ("pentecost",): (_from_easter(49), False),
    ("orthodox", "easter"): (_orthodox, False),
    ("orthodox", "christmas"): (_fixed(1, 7), False),
    ("christmas",): (_fixed(12, 25), False),
    ("christmas", "day"): (_fixed(12, 25), False),
    ("christmas", "eve"): (_fixed(12, 24), False),
    ("new", "year", "'s", "eve"): (_fixed(12, 31), False),
    ("new", "year", "’s", "eve"): (_fixed(12, 31), False),
    ("new", "year", "'s", "day"): (_fixed(1, 1), False),
    ("new", "year", "’s", "day"): (_fixed(1, 1), False),
    ("lunar", "new", "year"): (_lunar_new_year, False),
    ("chinese", "new", "year"): (_lunar_new_year, False),
    ("nowruz",): (_nowruz, False),
    ("norouz",): (_nowruz, False),
    ("newroz",): (_nowruz, False),
    ("nauroz",): (_nowruz, False),
    ("diwali",): (_diwali, False),
    ("deepavali",): (_diwali, False),
    ("passover",): (_passover, False),
    # The Jewish year begins 163 days after the Passover before it.
    ("rosh", "hashanah"): (_from_passover(163), False),
    ("yom", "kippur"): (_from_passover(172), False),
    ("may", "day"): (_fixed(5, 1), False),
    ("thanksgiving",): (_thanksgiving, False),
    ("thanksgiving", "day"): (_thanksgiving, False),
    ("black", "friday"): (_black_friday, False),
    ("halloween",): (_fixed(10, 31), False),
    ("valentine", "'s", "day"): (_fixed(2, 14), False),
    ("valentine", "’s", "day"): (_fixed(2, 14), False),
}
LONGEST_NAME = max(map(len, FEASTS))


@lru_cache(maxsize=512)
def falls(name: tuple[str, ...], year: int) -> tuple[Stretch, ...]:
    """When the feast falls in a Gregorian year: none, one or (Islamic feasts) two stretches."""
    if not 1 <= year <= 9998:
        return ()
    return tuple(FEASTS[name][0](year))


# Where in the Hijri year each feast begins.
_HIJRI_DAYS = {"ramadan": (9, 1), "ramzan": (9, 1), "ashura": (1, 10), "ashoura": (1, 10), "arbaeen": (2, 20)}
_HIJRI_DAYS |= {"mawlid": (3, 12), "fitr": (10, 1), "adha": (12, 10)}


def in_hijri_year(name: tuple[str, ...], year: int) -> tuple[Stretch, ...]:
    """When an Islamic feast fell in a lunar Hijri year ("Ramadan 1442"); empty for other feasts."""
    place = _HIJRI_DAYS.get(name[-1])
    if place is None:
        return ()
    near = islamic(year, *place)
    options = [found for step in (-1, 0, 1) for found in falls(name, near.year + step)]
    return tuple(found for found in options if abs((found.first - near).days) < 7)
