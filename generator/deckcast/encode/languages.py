"""The three letters by which an MP4 track names its language (ISO 639-2/T), for the two of a tag (ISO 639-1)."""

from __future__ import annotations

from collections.abc import Sequence

_PAIRS = """
af afr  am amh  ar ara  as asm  az aze  be bel  bg bul  bn ben  bo bod  br bre  bs bos  ca cat  cs ces  cy cym
da dan  de deu  dz dzo  el ell  en eng  eo epo  es spa  et est  eu eus  fa fas  fi fin  fo fao  fr fra  fy fry
ga gle  gd gla  gl glg  gu guj  ha hau  he heb  hi hin  hr hrv  ht hat  hu hun  hy hye  ia ina  id ind  ig ibo
is isl  it ita  ja jpn  jv jav  ka kat  kk kaz  km khm  kn kan  ko kor  ku kur  ky kir  la lat  lb ltz  ln lin
lo lao  lt lit  lv lav  mg mlg  mi mri  mk mkd  ml mal  mn mon  mr mar  ms msa  mt mlt  my mya  nb nob  ne nep
nl nld  nn nno  no nor  oc oci  om orm  or ori  pa pan  pl pol  ps pus  pt por  qu que  rm roh  ro ron  ru rus
rw kin  sa san  sd snd  si sin  sk slk  sl slv  sm smo  sn sna  so som  sq sqi  sr srp  st sot  su sun  sv swe
sw swa  ta tam  te tel  tg tgk  th tha  ti tir  tk tuk  tl tgl  tr tur  tt tat  ug uig  uk ukr  ur urd  uz uzb
vi vie  wo wol  xh xho  yi yid  yo yor  zh zho  zu zul
"""
_WORDS: Sequence[str] = _PAIRS.split()
_LETTERS: dict[str, str] = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


def three_letters(tag: str) -> str:
    """`deu` for `de-AT`; a tag that begins with three letters already has them; `und` for what is not known here."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    if len(primary) == 3 and primary.isascii() and primary.isalpha():
        return primary
    return _LETTERS.get(primary, "und")
