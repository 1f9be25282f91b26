"""Where a line of text may end, and how good that is."""

from __future__ import annotations

import unicodedata
from functools import cache

from deckcast.captions.graphemes import ZERO_WIDTH_SPACE, is_wide

_NEVER_FIRST = frozenset(
    "、。，．・：；？！‼⁇⁈⁉゛゜´ヽヾゝゞ々〻ー゠–〜～’”）〕］｝〉》」』】〙〗°′″℃％‰¢"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
)
"""Japanese and Chinese signs that no line begins with."""
_NEVER_LAST = frozenset("（〔［｛〈《「『【〘〖‘“￥＄￡＃№")
_TWINS = frozenset("—…‥ー")
"""Signs whose doubles stay together."""


def may_end(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no blank parts: beside Chinese and Japanese characters.

    Not within what is known to be a word: katakana, letters and digits of whatever width, Hangul, a number and what
    it counts.
    """
    if ZERO_WIDTH_SPACE in (before, after):
        return before == ZERO_WIDTH_SPACE
    if not (is_wide(before) or is_wide(after)):
        return False
    if before in _NEVER_LAST or unicodedata.category(before) in ("Ps", "Pi"):
        return False
    if after in _NEVER_FIRST or unicodedata.category(after) in ("Pe", "Pf", "Po", "Lm", "Mn", "Mc"):
        return False
    if before == after and before in _TWINS:
        return False
    kinds = {_kind(before), _kind(after)}
    return not (len(kinds) == 1 and kinds <= {"katakana", "letter", "hangul"}) and not (
        before.isdigit() and _kind(after) == "ideograph"
    )


@cache
def _kind(character: str) -> str:
    if "\u30a0" <= character <= "\u30ff" or "\u31f0" <= character <= "\u31ff" or "\uff66" <= character <= "\uff9f":
        return "katakana"
    if "\u3040" <= character <= "\u309f":
        return "hiragana"
    if "\u1100" <= character <= "\u11ff" or "\u3130" <= character <= "\u318f" or "\uac00" <= character <= "\ud7ff":
        return "hangul"
    if unicodedata.name(character, "").startswith("CJK"):
        return "ideograph"
    return "letter" if character.isalnum() else "sign"


# ── how good it is ───────────────────────────────────────────────────────────────────────────────

_JOINING = {
    "en": """and or but nor so yet because since although though while when where whereas if unless until that which
        who whose than as of in on at by for from to with without into onto over under between through during
        before after about against along among around behind beside beyond despite except inside like near
        outside per toward""",
    "de": """und oder aber denn sondern sowie weil da obwohl während wenn wann wo falls bis dass ob damit indem
        nachdem bevor sobald als wie der die das welcher welche welches deren dessen von in im an am auf aus bei
        beim mit nach zu zum zur für gegen ohne um über unter vor hinter neben zwischen durch seit trotz wegen""",
    "fr": """et ou mais donc or ni car parce puisque quoique quand lorsque si que qui dont où comme de du des d’ en
        dans à au aux sur sous par pour avec sans entre vers chez contre depuis pendant avant après devant
        derrière selon""",
    "es": """y e o u pero sino ni porque pues aunque cuando donde si que quien cuyo como de del en a al con sin por
        para sobre bajo entre hacia hasta desde contra según durante ante tras mediante""",
    "it": """e ed o ma né perché poiché sebbene quando dove se che cui come di del della dei in nel nella a al alla
        con senza per su sul sulla sotto tra fra verso da dal dalla contro durante dopo prima""",
    "pt": """e ou mas nem porque pois embora quando onde se que quem cujo como de do da dos das em no na a ao à com
        sem por para sobre sob entre até desde contra segundo durante após""",
    "nl": """en of maar want omdat hoewel terwijl wanneer waar als tot dat die of van in op aan bij met naar voor
        tegen zonder om over onder achter naast tussen door sinds""",
    "pl": """i a oraz lub albo ale lecz bo ponieważ choć gdy kiedy gdzie jeśli że który która które jak w we na z ze
        do od po przy przez dla bez nad pod między przed""",
}  # fmt: skip
"""Conjunctions, relative pronouns and prepositions: a line ends well before them, and badly after them."""
_LEADING = {
    "en": "a an the this that these those my your his her its our their no not very",
    "de": "ein eine einen einem einer eines dem den des dieser diese dieses kein keine nicht sehr mein sein ihr unser",
    "fr": "un une le la les ce cet cette ces mon ma mes ton sa son ses notre nos leur leurs ne pas très je tu il on",
    "es": "un una unos unas el la los las lo este esta estos estas mi su sus nuestro no muy se",
    "it": "un uno una il lo la i gli le questo questa mio suo sua non molto si",
    "pt": "um uma uns umas o a os as este esta meu seu sua não muito se",
    "nl": "een de het deze dit die mijn zijn haar ons onze geen niet heel",
    "pl": "ten ta to te nie bardzo się mój swój",
}
"""Articles and such: a line that ends on one is hard to read."""
_JOINING_WORDS = {language: frozenset(words.split()) for language, words in _JOINING.items()}
_LEADING_WORDS = {language: frozenset(words.split()) for language, words in _LEADING.items()}
_NONE: frozenset[str] = frozenset()


def badness(before: str, after: str, *, parted: bool, language: str) -> float:
    """How bad it is to end a line or a caption between two chunks of a sentence; `parted` by a blank."""
    text = before.rstrip("\"'”’»)]」』）")
    if text.endswith(("!", "?", "…", "。", "！", "？", "؟", "।", "۔")):
        return 1.0
    if text.endswith((",", ";", ":", "–", "—", "、", "，", "；", "：", "،", "؛")):
        return 3.0
    if not parted:
        return _inside(before, after)
    joining, leading = _JOINING_WORDS.get(language, _NONE), _LEADING_WORDS.get(language, _NONE)
    last, first = text.lower(), after.lower().strip("\"'“‘«([¿¡")
    if last.endswith("."):  # within a sentence: an abbreviation, an initial, a German ordinal
        return 24.0 if len(last) == 2 else 16.0
    if last[-1:].isdigit() and len(first.rstrip(".,;:!?)")) <= 3:
        return 18.0  # a number and its unit
    if last in leading:
        return 22.0
    if last in joining:
        return 16.0
    return 6.0 if first in joining else 10.0


def _inside(before: str, after: str) -> float:
    """Where no blank stands: best before a Japanese word, as far as its letters tell, worst within a long word."""
    last, first = _kind(before[-1]), _kind(after[0])
    if last == "hiragana" and first in ("ideograph", "katakana"):
        return 7.0
    if "hiragana" in (last, first):
        return 14.0
    if "ideograph" in (last, first):
        return 10.0
    return 18.0 if not before[-1].isalnum() else 30.0
