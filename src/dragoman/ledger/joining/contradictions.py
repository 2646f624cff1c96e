"""What rules out that two records tell one event, whatever else they have in common."""

from __future__ import annotations

from dragoman.ledger.joining import dates, sites
from dragoman.ledger.joining.profiling import Profile


def contradiction(a: Profile, b: Profile) -> str | None:
    """Why two records cannot tell one event, in words; None where they can.

    Records of one report, of other types, what happened and its denial, days that exclude each other, and towns far
    apart.
    """
    if a.setting.report == b.setting.report:
        return "told by one report as two events"
    if a.type != b.type:
        return f"{a.type} and {b.type}"
    if (a.factuality == "negated") != (b.factuality == "negated"):
        return "one tells it, the other denies it"
    v, w = a.window, b.window
    if v.dated and w.dated and (v.first > w.last + dates.SLACK or w.first > v.last + dates.SLACK):
        return f"one on {dates.said(a.date or '')}, the other on {dates.said(b.date or '')}"
    for told, other in ((a, b), (b, a)):
        day = dates.published(other.setting.published)
        own = told.window
        if (
            own.dated
            and other.factuality in ("actual", "negated")
            and day is not None
            and own.first > day + dates.SLACK
        ):
            return f"told on {other.setting.published}, before {dates.said(told.date or '')}"
    if a.site is not None and b.site is not None:
        far = sites.apart(a.site, b.site)
        if far is not None and far > sites.FAR:
            return f"{a.site.name} and {b.site.name}, {far:.0f} km apart"
    return None
