"""What a question asks for, as far as its words tell: a number, a date, a name, a reason, or what somebody asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from qa.boundaries import MONTHS
from qa.errors import QAError
from qa.speakers import TITLES
from qa.text import STOPWORDS, content_words, words

Wanted = Literal["number", "date", "name", "reason", "asked", "event date", "title", "keywords", "other"]
Press = Literal["", "telling", "asking"]

# A request is no question: "ask for time", "ask of the mills", "ask Y to do", "ask Y for aid"; "ask about the way to do
# it" is one.
_REQUESTED = (
    r"(?! of\b)(?!(?: (?!(?:about|on|(?:with|in) (?:regard|respect|relation)|prior|whether|how|why|what|if|when|"
    r"while|after|because|concerning|regarding|during)\b)"
    r"[^\s?]+)*? (?:for\b|to [a-z]))"
)
_ASK = rf"(?:ask(?:ed)?|want(?:ed)? to know|enquired?|inquired?)\b{_REQUESTED}"
_WANT_TOLD = (
    r"(?:wonder|want (?:[\w’'-]+ ){0,3}?(?:explained|clarified|clarity|cleared up|spelled out|confirmed|answered)|"
    r"press (?:[\w’'-]+ ){1,3}?(?:on|about|over))\b"
)
_ASKER = r"(?:(?-i:[A-Z][\w.'’-]*)|the|an?|he|she|they|of|from|by)(?: (?!if\b|when\b|has\b|questions?\b)[\w.'’-]+){0,5}"
_REPORTER = r"(?:reporter|journalist|correspondent|questioner|interviewer)"
_TOPIC = r"(?= (?:about|on|regarding|concerning|over)\b|\W*$)"
# What somebody asked, or was asked ("of" whom); "when asked by X" is about the reply.
_ASKED = re.compile(
    rf"\b(?:what|which|how many questions)\b.{{0,120}}?\bdid (?!not\b)(?P<subject>.{{1,120}}?) "
    rf"(?:want to know|(?:want to )?(?:ask|enquire|inquire))\b{_REQUESTED}"
    rf"|\b(?:what|which|how many)\b.{{0,120}}?\bdid (?!not\b)(?P<wanting>.{{1,120}}?) {_WANT_TOLD}"
    r"|\b(?:what|which) (?:was|were) (?P<of>he|she|they|(?:(?-i:[A-Z])|the \w)[\w.'’-]*(?: [\w.'’-]+){0,3}?)"
    r" asked (?:about|on)\b"
    r"|\bwhat (?:was|were) (?:the )?(?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*){0,3} asked\W*$"
    rf"|\b(?:what|which) does (?P<now>(?-i:[A-Z])[\w.'’-]*(?: [\w.'’-]+){{0,3}}?) ask\b{_REQUESTED}"
    r"|\bwhat (?:is|was|are|were) (?P<asking>(?-i:[A-Z])[\w.'’-]*(?: [\w.'’-]+){0,3}?)"
    r" asking(?: (?:about|on)\b|\W*$)"
    rf"|\b(?:which|what) (?:of the )?(?:{_REPORTER}s?|outlets?|media|newspapers?|news organi[sz]ations?) "
    rf"(?:who )?{_ASK}"
    r"|\bwhat (?:were|are) the questions about \w"
    r"|\b(?:list|show)(?: me)? (?:all )?(?:of )?(?:the )?questions about\b"
    rf"|\b(?:what|which) (?:was|were|is|are) (?P<owner>.{{1,120}}?)['’]s? questions?\b"
    rf"|\b(?:what|which) (?:was|were|is|are) the questions? (?:from|by|asked by|put by) (?P<source>.+?){_TOPIC}"
    rf"|\b(?:what|which) (?:was|were|is|are) the questions? of (?P<whose>(?-i:[A-Z].*)"
    rf"|(?:(?!of\b)[\w’'-]+ ){{0,5}}?{_REPORTER}s?\b.*|the (?:press|media)\b.*)"
    rf"|\b(?:what|which) questions? (?:was|were|came|come|is|are) (?:(?:asked|put|raised) )?"
    rf"(?:by|from) (?P<origin>.+?){_TOPIC}"
    rf"|\b(?:what|which) questions? (?:was|were) (?:asked|put|raised)\b{_REQUESTED}"
    rf"|\bwhat (?:was|were) asked by (?P<agent>.+?){_TOPIC}"
    rf"|\bwhat (?:was|were) (?:the )?(?:asked|questions? asked)\b{_REQUESTED}"
    rf"|\b(?:tell me|list|show(?: me)?) what (?P<told>.+?) {_ASK}|^what (?P<noun>{_ASKER}) asked\b{_REQUESTED}"
    rf"|(?:^\W*|\b(?:me|us|know|and|so),? )who (?P<who>){_ASK}",
    re.IGNORECASE,
)
# Words that may speak of what was asked, those that may speak of what a reporter told, and that ask for the reply.
_MAY_ASK = re.compile(
    rf"\b(?:ask(?:ed|ing|s)?{_REQUESTED}|wonder(?:ed|ing|s)?|(?:i|e)nquired|queried|questions?|questioned|questioners?|"
    rf"follow-ups?|{_REPORTER}s? (?:\w+ )?(?:bring|brought|raised?|press(?:ed)?|mention(?:ed)?|want(?:ed)?|put))\b"
    r"|^who (?:raised|brought up|mentioned|pressed)\b",
    re.IGNORECASE,
)
_MAY_TELL = re.compile(rf"\b(?:(?:i|e)nquir(?:y|ies)|quer(?:y|ies)|{_REPORTER}s?)\b", re.IGNORECASE)
_REPLY = re.compile(
    r"\b(?:answer(?:s|ed)?|repl(?:y|ies|ied)|respon(?:d|ds|ded|ding|se|ses)|react(?:s|ed|ing|ions?)?|"
    r"(?:when|if|once|after) asked)\b",
    re.IGNORECASE,
)
_OF_REPLY = re.compile(
    r"\b(?:answers?|repl(?:y|ies)|responses?|reactions?|sa(?:y|ys|id)|when|if|once)\b", re.IGNORECASE
)
_ASKED_ABOUT = re.compile(
    r"\b(?:ask(?:ed|s|ing)?|questions?)(?: [\w’']+){0,3}? (?:about|on|who|whether|why|how|what|if)\b"
    r"|\b(?:raised|brought up|mentioned)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w.'’-]*\w(?: [A-Z][\w.'’-]*\w)*")
_ASKING = frozenset("ask asked asks asking question questions know want wanted".split())
_SUBJECT = re.compile(
    r"\s*(?:[Ww]ho|[Ww]hat) (?:is|are|was|were) (?P<subject>[A-Z][\w.&'’-]*+(?:\s+[A-Z][\w.&'’-]*+)*)\s*\??\s*$"
)
_KEYWORDS = 4  # words: what is longer and asks nothing is a remark
_ASKS = re.compile(
    r"[?？؟]|\b(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|can|could|will|would|should|"
    r"has|have|had|tell|list|show|explain|describe|name|summari[sz]e|summary|compare|give|find|quote|translate)\b",
    re.IGNORECASE,
)  # fmt: skip
_AND = re.compile(r",|\b(?:and|or)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\bhow (?:many|much|often|long|far|big|large|high|low|old|fast)\b"
    r"|\b(?:number|percentage|percent|proportion|rate|share|amount|total|size|score|figure)s?\b",
    re.IGNORECASE,
)
# What is counted: the words behind "how many", as far as the first one that cannot belong to them.
_COUNTED = re.compile(r"\b(?:how many|number of)\b(?P<words>(?: [^\W\d_]+){1,4})", re.IGNORECASE)
# Two in three of 45 questions why something matters are answered with one of these words; of all sentences one in eight
# has one.
_WHY_IT_MATTERS = re.compile(
    r"\bwhy\b.*\b(?:important|matters?|mattered|significant|crucial|vital|essential|critical|valuable)\b"
    r"|\b(?:importance|significance) of\b",
    re.IGNORECASE,
)
_MATTERING = frozenset(
    "important importance crucial critical vital essential key central priority foundation basis core heart backbone "
    "benefit necessary necessity significant significance matter fundamental indispensable pillar cornerstone".split()
)
_DATE = re.compile(
    r"^(?:\W*(?:so|and|but|please|from|(?:can|could|do|would) you|exactly)\b)*\W*when\b(?! asked)"
    r"(?!.*, (?:what|why|how|who)\b)|\bwhen\W*$"
    r"|\b(?:tell|told|know|say|says|said|mention|mentioned|explain|announced?|since|by|until|and|or|remember) "
    r"(?:(?:me|us|you|exactly) )?when\b(?! asked)"
    r"|, when (?:will|did|does|is|was|do|are|can|would|should)\b|\b(?:idea|date|clear|known) when\b"
    r"|\b(?:what|which) (?:(?:is|was) the )?(?:year|date|day|month|time)\b|\bhow soon\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\bwho(?:m|se)?\b|\b(?:which|what) (?:country|countries|company|companies|person|people|official|member|senator|"
    r"city|cities|state|department|agency|agencies|organi[sz]ation|place|brand|name)s?\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"\bwhy\b|\breasons?\b|\bwhat (?:caused|led to|explains)\b|\bhow come\b", re.IGNORECASE)
WHICH = r"(?:press |news )?(?:conference|briefing|hearing|interview|talk|transcript|session|event|meeting|page|speech)"
MEDIUM = r"(?:video|podcast|recording|webinar|debate|lecture)"  # "the video" may be one that is spoken of
THIS = rf"(?:this(?: (?:{WHICH}|{MEDIUM}))?|the {WHICH})"
_TELL = (
    r"(?:(?:so|hi|hello|hey|ok|okay|well|and|please|in (?:one|a) \w+),? )?(?:(?:can|could|would|do) you )?"
    r"(?:please )?(?:(?:tell|give|show) (?:me |us )?(?:about )?|know )?"
    r"(?:(?:what|which)(?:['’]?s| is| was| are| were) )?(?:name |state )?"
)
_TITLE = re.compile(
    rf"^\W*{_TELL}(?:(?:the (?:\w+ ){{0,2}})?(?:title|topic|subject|theme|headline|name) of {THIS}"
    rf"|what(?:(?:['’]s| is| was) {THIS}| {THIS} (?:is|was)) (?:called|about|on))\s*\??\s*$",
    re.IGNORECASE,
)
# "When was this?" means the record, "When did this happen?" what it tells of.
_DATED = re.compile(
    rf"\b(?:this (?:{WHICH}|{MEDIUM})|the {WHICH}|the date(?: of (?:this|it)| this was \w+)?\W*$"
    r"|when this (?:was|took place)\b"
    r"|was this(?: (?:held|recorded|published|posted|released|dated))?\W*$)",
    re.IGNORECASE,
)
# What is ahead, and another event than this one.
_ELSEWHERE = re.compile(
    r"\b(?:will|shall|do|does|going to|to be|to take|(?:what|which) time|before|after|since|until|other|another|his|her"
    r"|their|our|my|your|that|those)\b",
    re.IGNORECASE,
)

_CONTRACTED = re.compile(r"\b(who|what|when|where|how)['’]s\b(?! (?:been|got|had)\b)", re.IGNORECASE)

MAX_QUESTION = 2000  # code points: longer is a paste, not a question

# Words that name the event itself: a question for a date that holds nothing else asks when the event was.
EVENT = frozenset(
    "press news conference briefing event transcript hearing meeting interview talk speech session video podcast "
    "recording webinar debate lecture exactly held hold take place took happen happened date "
    "dated published posted released given day time year month record recorded page website".split()
)
_ANYBODY = frozenset(
    "reporter reporters journalist journalists correspondent correspondents from press media they he she anyone "
    "anybody someone somebody everyone everybody man woman guy team audience questioner questioners interviewer "
    "interviewers host moderator people outlet outlets senators lawmakers congressmen members member committee council "
    "residents students public floor one two three several another other".split()
)
_PICKS = frozenset("first second third last final next most".split())  # some of what was asked, not all of it


@dataclass(frozen=True, slots=True)
class Question:
    """``askers`` hold the words that name each one who asked, none if anybody is meant; ``topical`` is false if the
    question names nothing but the asking, ``picked`` is true if only some of what was asked is meant, as the first;
    ``unit`` holds the words for what is to be counted, or by which somebody says that something matters where that is
    asked: an answer holds one of them; ``subject`` those for whom or what "who is" and "what is" ask
    about, ``named`` those of each name in it; ``press``: what a reporter said may be meant, in asking or beside it."""

    text: str
    wants: Wanted
    askers: tuple[frozenset[str], ...] = ()
    topical: bool = True
    picked: bool = False
    unit: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    named: tuple[frozenset[str], ...] = ()
    press: Press = ""


def check_question(question: str) -> str:
    """The question without blanks around it. Raises QAError if nothing is left, or far too much."""
    asked = question.strip()
    if not asked:
        raise QAError("the question is empty; write one in plain words")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in asked):
        raise QAError("the question is not UTF-8")
    if len(asked) > MAX_QUESTION:
        raise QAError(f"the question has {len(asked)} characters; the limit is {MAX_QUESTION}")
    return asked


def written_out(question: str) -> str:
    """With "who is" for "who's"."""
    return _CONTRACTED.sub(r"\1 is", question)


def understand(text: str) -> Question:
    """Reads English questions; any other wants "other"."""
    return replace(_understood(written_out(text)), text=text)


def _understood(text: str) -> Question:
    asked = _ASKED.search(text)
    asker = next((group for name, group in asked.groupdict().items() if group and name != "of"), "") if asked else ""
    if asked and not _OF_REPLY.search(asker):
        named = (frozenset(words(name)) - STOPWORDS - _ANYBODY - _PICKS for name in _AND.split(asker))
        askers = tuple(name for name in named if name)
        held = set(words(text))
        topical = bool(held.difference(STOPWORDS, _ANYBODY, _ASKING, _PICKS, words(asked["of"] or ""), *askers))
        return Question(text, "asked", askers, topical, not _PICKS.isdisjoint(held))
    press: Press = "asking" if _MAY_ASK.search(text) else "telling" if _MAY_TELL.search(text) else ""
    topic = _ASKED_ABOUT.search(text)  # what was asked about may be a response
    press = "" if _REPLY.search(text, 0, topic.end() if topic else len(text)) else press
    capitals = (frozenset(words(name)) - STOPWORDS - TITLES for name in _CAPITALS.findall(text))
    names = () if asked else tuple(name for name in capitals if name)  # the answer to somebody's question is not his
    content = content_words(text)
    if _DATE.search(text):
        own = EVENT.issuperset(content) and _DATED.search(text) and not _ELSEWHERE.search(text)
        return Question(text, "event date" if own else "date", named=names, press=press)
    if _TITLE.search(text):
        return Question(text, "title")
    if 0 < len(content) <= _KEYWORDS and not _ASKS.search(text):
        return Question(text, "keywords", press=press)
    about = _SUBJECT.match(text)
    subject = frozenset(words(about["subject"])) - STOPWORDS if about else frozenset()
    wants: Wanted = next((wants for wants, pattern in _PATTERNS if pattern.search(text)), "other")
    return Question(text, wants, unit=_unit(text), subject=subject, named=() if subject else names, press=press)


def _unit(text: str) -> frozenset[str]:
    if _WHY_IT_MATTERS.search(text):
        return _MATTERING
    counted = _COUNTED.search(text)
    return frozenset(takewhile(lambda word: word not in STOPWORDS, words(counted["words"]))) if counted else frozenset()


_WHY, _WHO = (re.compile(rf"^\W*(?:(?:and|but|so) )?{word}\b", re.IGNORECASE) for word in ("why", "who(?:m|se)?"))
_PATTERNS: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    ("reason", _WHY), ("name", _WHO), ("number", _NUMBER), ("reason", _REASON), ("name", _NAME),
)  # fmt: skip

_NUMERAL = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion"
    r"|half|third|quarter|percent|dozens?|zero|none|once|twice)\b|[一二三四五六七八九十百千万亿]",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    rf"\b(?:1[89]\d\d|20\d\d)\b|\b(?:{MONTHS}"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
    r"|\b(?:today|tomorrow|yesterday|weeks?|months?|years?|ago|quarter|spring|summer|fall|autumn|winter|soon|next|last)\b"
)
_PROPER = re.compile(r"(?<=[\w,;:] )[A-Z][\w'’-]+")
_CAUSE = re.compile(
    r"\b(?:because|since|so that|due to|reasons?|in order to|therefore|which is why|as a result)\b", re.I
)

_SIGNS: dict[Wanted, re.Pattern[str]] = {"number": _NUMERAL, "date": _CALENDAR, "name": _PROPER, "reason": _CAUSE}


def gives(wants: Wanted, sentence: str) -> bool:
    """Whether the sentence holds something of the kind that is wanted."""
    pattern = _SIGNS.get(wants)
    return bool(pattern and pattern.search(sentence))
