"""Numbers in English words."""

from __future__ import annotations

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ("", " thousand", " million", " billion", " trillion", " quadrillion")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def cardinal(number: int) -> str:
    """`1200` → `one thousand two hundred`; digit by digit where there is no common name."""
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number >= 1000 ** len(_SCALES):
        return digits(str(number))
    if number == 0:
        return _SMALL[0]
    groups = []
    for scale in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            groups.append(_below_thousand(group) + scale)
    return " ".join(reversed(groups))


def ordinal(number: int) -> str:
    """`21` → `twenty-first`."""
    head, mark, last = cardinal(number).rpartition("-")
    if not mark:
        head, mark, last = cardinal(number).rpartition(" ")
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return head + mark + last


def year(number: int) -> str:
    """`1984` → `nineteen eighty-four`, `2007` → `two thousand seven`, `1900` → `nineteen hundred`."""
    century, rest = divmod(number, 100)
    if not 1000 <= number <= 2999 or 2000 <= number <= 2009 or number % 1000 == 0:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {cardinal(rest) if rest >= 10 else 'oh ' + cardinal(rest)}"


def decade(number: int) -> str:
    """`1990` → `nineteen nineties`, `90` → `nineties`."""
    words = "hundreds" if number % 100 == 0 and number > 0 else ""
    if words:
        return f"{cardinal(number // 100)} hundreds" if number % 1000 else f"{cardinal(number // 1000)} thousands"
    spoken = year(number) if number >= 1000 else cardinal(number)
    return f"{spoken[:-1]}ies" if spoken.endswith("y") else f"{spoken}s"


def digits(text: str) -> str:
    return " ".join(_SMALL[int(digit)] for digit in text if digit.isdecimal())


def number(text: str) -> str:
    """`-1,234.50` → `minus one thousand two hundred thirty-four point five zero`; leading zeros are said."""
    sign = "minus " if text[:1] in "-−" else ""
    whole, point, fraction = text.lstrip("+-−").replace(",", "").partition(".")
    spoken = digits(whole) if len(whole) > 1 and whole.startswith("0") else cardinal(int(whole or "0"))
    return sign + spoken + (f" point {digits(fraction)}" if point and fraction else "")


def signed(text: str) -> str:
    """A number whose sign, if it has one, is said: `+5` → `plus five`."""
    sign = {"+": "plus ", "±": "plus or minus "}.get(text[0], "")
    return sign + number(text[1:] if sign else text)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens] + (f"-{_SMALL[ones]}" if ones else ""))
    elif rest:
        words.append(_SMALL[rest])
    return " ".join(words)
