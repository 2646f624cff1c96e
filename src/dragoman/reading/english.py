"""Whether a text is English: the coder reads no other language, and says so rather than code noise.

Two steps, because the classifier takes most of a second and 80 MB to load and nearly every document
is English: a text in which common English words are frequent is English; only the others are
classified. The rule leans to accepting: an English report refused is lost, while a foreign one let
through yields next to nothing.

Measured on 44 English news articles, their 1,131 sentences and 40 headings and 1,047 single sentences of
wire news, each of 40 letters or more, and on 195 single sentences in 66 other languages (those that
spaCy ships as examples): no English text was refused, in capitals or not, and 3 of the foreign sentences
were let through; of the 66 languages only Bengali (whose examples are under 40 letters) once its
sentences stood together.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# Half a page settles the language of a report; more costs time and meets quotations.
_SAMPLE_CHARACTERS = 2000
# Below this, names outweigh words: "Netanyahu, Erdogan, Macron" is no language.
_FEWEST_LETTERS = 40

# Common words of English that are no words of Dutch, German, Scandinavian or Romance languages, which
# leaves out a, in, on, at, for, is, was, have, he, her, me, over, under, do, so, no.
_COMMON_WORDS = """
    the of to and that it with as by from his be are has an this which were they who not but will their
    after its been said she you would about more than when against into also between could there what
    during before while amid him out if some them our only other says said since because should where
    these those such any through being both until told
"""
_COMMON = frozenset(_COMMON_WORDS.split())
# Foreign texts of 20 words or more reach .03 at most; English articles have .23 or more, and 95 of 100 of
# their sentences .13. Below this, the classifier decides.
_ENOUGH_COMMON = 0.12
# Of the English sentences that the classifier takes for another language, none has a higher confidence
# (Nigerian Pidgin, whose vocabulary is English, aside).
_SURE = 0.5
_AS_ENGLISH = frozenset({"en", "pcm", "zxx"})

_WORD = re.compile(r"[^\W\d_]+")
_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "ary": "Arabic", "arz": "Arabic",
    "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "ig": "Igbo", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin",
    "lb": "Luxembourgish", "lg": "Luganda", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian",
    "mg": "Malagasy", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi",
    "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian",
    "no": "Norwegian", "om": "Oromo", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "rw": "Kinyarwanda", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovene", "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai", "tk": "Turkmen",
    "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "wuu": "Chinese", "yo": "Yoruba", "yue": "Chinese", "zh": "Chinese",
    "zu": "Zulu",
}  # fmt: skip


def foreign_language(text: str) -> str | None:
    """The language of ``text`` in English words when it is clearly another than English, else None.

    None too for texts too short to tell (under 40 letters). A language without a name here is given by
    its ISO 639 code.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    words = [word.lower() for word in _WORD.findall(sample)]
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return None
    if sum(word in _COMMON for word in words) >= _ENOUGH_COMMON * len(words):
        return None
    code, confidence = _identifier().classify(" ".join(words) if sample.isupper() else sample)
    if code in _AS_ENGLISH or confidence < _SURE:
        return None
    return _NAMES.get(code, f"language {code}")


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
