"""The vocabulary of time: which words the grammar knows, and which of them can carry an expression."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a list written out with spaces between them."""
    return frozenset(words.split())


def _ranked(words: str, first: int) -> dict[str, int]:
    """The words numbered in their order from ``first``."""
    return {word: number for number, word in enumerate(words.split(), first)}


WEEKDAYS = _ranked("monday tuesday wednesday thursday friday saturday sunday", 0)
# Short weekdays count only beside a day of the month ("Fri 6 March"): alone, "sun" and "sat" are words.
SHORT_WEEKDAYS = _ranked("mon tue wed thu fri sat sun", 0)
SHORT_WEEKDAYS.update(tues=1, weds=2, thur=3, thurs=3)
MONTHS = _ranked("january february march april may june july august september october", 1)
MONTHS.update(november=11, december=12)
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items() if name != "may"}
SHORT_MONTHS["sept"] = 9
MONTHS.update(SHORT_MONTHS)
# Months whose names are also words, verbs or people: alone they need a word before them that dates.
AMBIGUOUS_MONTHS = frozenset({"march", "may", "april", "june", "august"})

_TENS = _ranked("twenty thirty forty fifty sixty seventy eighty ninety", 2)
TENS = {word: 10 * count for word, count in _TENS.items()}
CARDINALS = _ranked(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    1,
)
CARDINALS.update(TENS)
CARDINALS["hundred"] = 100

ORDINALS = _ranked(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    1,
)
for _number in range(1, 101):
    _tail = "th" if 10 <= _number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(_number % 10, "th")
    ORDINALS[f"{_number}{_tail}"] = _number
ORDINALS["thirtieth"] = 30

UNITS: dict[str, str] = {}
for _unit in ("second", "minute", "hour", "day", "week", "weekend", "month", "quarter", "year", "decade"):
    UNITS[_unit] = UNITS[_unit + "s"] = _unit
UNITS.update(century="century", centuries="century", fortnight="fortnight", fortnights="fortnight")
UNITS.update(night="night", nights="night", season="season", seasons="season")
UNIT_CODES = {
    "second": "PT{}S",
    "minute": "PT{}M",
    "hour": "PT{}H",
    "day": "P{}D",
    "night": "P{}D",
    "week": "P{}W",
    "weekend": "P{}WE",
    "month": "P{}M",
    "quarter": "P{}Q",
    "season": "P{}SE",
    "year": "P{}Y",
    "decade": "P{}DE",
    "century": "P{}CE",
}
CLOCK_UNITS = frozenset({"second", "minute", "hour"})

TODAY_WORDS: dict[str, int] = {"today": 0, "yesterday": -1, "tomorrow": 1}
DAY_PARTS: dict[str, str] = {
    "morning": "TMO",
    "afternoon": "TAF",
    "evening": "TEV",
    "night": "TNI",
    "midday": "TMI",
    "noon": "TMI",
    "dawn": "TMO",
    "dusk": "TEV",
    "midnight": "T24:00",
}
SEASONS: dict[str, str] = {
    "spring": "SP",
    "springtime": "SP",
    "summer": "SU",
    "autumn": "FA",
    "fall": "FA",
    "winter": "WI",
}
ZONES = listed(
    """
    gmt utc est edt cst cdt mst mdt pst pdt cet cest bst ist eet eest msk jst kst hkt aest
    """
)

# Words that stand before a bare month or year and show that it dates something.
DATING = listed(
    """
    in since by until till from to through throughout during before after between of last next this
    early late mid earlier later end beginning start and or for around circa about back past each
    every as
    """
)
# Counted things: a number of four digits before one of these is a count, not a year.
COUNTED = listed(
    """
    people troops soldiers civilians men women children fighters militants rebels prisoners refugees
    migrants officers policemen students workers families homes houses jobs cases deaths casualties
    victims dead wounded injured tons tonnes kilometers kilometres km miles meters metres feet ft kg
    kilograms pounds liters litres barrels dollars euros rubles roubles yuan yen rupees percent per
    villages tanks rockets missiles shells vehicles trucks flights times years days months weeks
    hours minutes acres hectares megawatts mw units points personnel protesters demonstrators
    inmates detainees residents voters votes seats delegates pages copies square degrees m mm cm
    calories tents beds cars aircraft planes
    """
)
# Names before a number that make it a label: Resolution 1701, Flight 1907.
LABELS = listed(
    """
    resolution resolutions flight no number article section room route highway channel page airbus
    boeing model unit brigade regiment squadron battalion paragraph chapter version nos flights code
    gate order file case docket bill rule $ £ € ¥ # usd us$ rs
    """
)

VAGUE: dict[str, str] = {
    "now": "PRESENT_REF",
    "currently": "PRESENT_REF",
    "nowadays": "PRESENT_REF",
    "presently": "PRESENT_REF",
    "recently": "PAST_REF",
    "lately": "PAST_REF",
    "soon": "FUTURE_REF",
}
SETS: dict[str, str] = {
    "hourly": "PT1H",
    "daily": "P1D",
    "nightly": "P1D",
    "weekly": "P1W",
    "biweekly": "P2W",
    "fortnightly": "P2W",
    "monthly": "P1M",
    "quarterly": "P1Q",
    "annual": "P1Y",
    "annually": "P1Y",
    "yearly": "P1Y",
}
LAST = frozenset({"last", "past"})
NEXT = frozenset({"next", "coming", "upcoming"})
BEFORE = frozenset({"previous", "preceding", "prior"})
AFTERWARDS = frozenset({"following", "subsequent"})
FEW = frozenset({"few", "several", "couple", "some", "many", "numerous", "various"})
EARLY = {"early": "START", "earlier": "START", "mid": "MID", "late": "END", "later": "END"}
EDGES = {
    "beginning": "START",
    "start": "START",
    "outset": "START",
    "opening": "START",
    "middle": "MID",
    "midpoint": "MID",
    "end": "END",
    "close": "END",
}
# Adjectives that may come between a number and its unit: "two consecutive quarters".
FILLERS = listed(
    """
    consecutive straight full whole long trading working successive calendar business more
    additional further extra short solid entire bloody deadly turbulent tense rainy hot cold
    """
)

# Feast names by their first word; the grammar looks at the rest of the name.
FEAST_HEADS = listed(
    """
    ramadan ramzan eid ashura ashoura easter christmas new lunar chinese nowruz norouz newroz nauroz
    orthodox good palm ash pentecost thanksgiving valentine halloween may hanukkah passover mawlid
    arbaeen black shrove maundy diwali deepavali rosh yom
    """
)
# Months of the Hijri calendars by their first word (`hijri.py` has the whole names).
HIJRI_MONTHS = listed(
    """
    farvardin ordibehesht khordad tir mordad amordad shahrivar mehr aban azar dey bahman esfand
    muharram safar rabi jumada rajab shaban sha'ban shawwal dhu dhul
    """
)
CALENDARS = listed(
    """
    ah a.h hijri hijra sh shamsi solar lunar qamari persian iranian afghan islamic muslim
    """
)

_CORE: set[str] = set()
for _words in (WEEKDAYS, MONTHS, UNITS, TODAY_WORDS, DAY_PARTS, SEASONS, VAGUE, SETS, FEAST_HEADS, HIJRI_MONTHS, ZONES):
    _CORE.update(_words)
_CORE.update(
    listed(
        """
    9/11 tonight overnight weekdays year-end future ah hijri hijra sh shamsi history present moment
    ago fiscal financial q1 q2 q3 q4 h1 h2 anniversary century mid recent ongoing yearlong midweek
    """
    )
)
_CORE.update(day + "s" for day in WEEKDAYS)
_CORE.update(part + "s" for part in ("morning", "afternoon", "evening"))
_CORE.difference_update({"second", "new", "black", "good", "may", "palm", "lunar", "chinese", "orthodox"})
_CORE.add("may")

_GLUE: set[str] = set()
for _glue in (
    CARDINALS,
    ORDINALS,
    LAST,
    NEXT,
    BEFORE,
    AFTERWARDS,
    FEW,
    EARLY,
    EDGES,
    FILLERS,
    FEAST_HEADS,
    CALENDARS,
    SHORT_WEEKDAYS,
):
    _GLUE.update(_glue)
_GLUE.update(
    listed(
        """
    the a an this that same these those of in on at by from since between and to until till through
    during before after over for within throughout about around nearly almost more than some less
    least most only just half each every twice once other ago hence so far , - – — / ( ) ' ’ 's ’s .
    back away very final whole entire current present near immediate distant foreseeable next long
    short term second up or not o'clock local time am pm a.m p.m m p ad bc bce ce fy seasons
    quarters turn al fitr adha hashanah kippur awwal thani ula akhirah qadah hijjah
    eve day year early fiscal financial s which now period part first
    """
    )
)

#: What a token is to the grammar: nothing, a word that helps, or a word that can carry an expression.
OTHER, GLUE, CORE = 0, 1, 2
VOCABULARY: dict[str, int] = {**dict.fromkeys(_GLUE, GLUE), **dict.fromkeys(_CORE, CORE)}
