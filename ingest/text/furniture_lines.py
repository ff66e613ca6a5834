"""Lines that belong to a page's frame, told by their words. Whole lines, so that no sentence is lost."""

import re

_LINE = re.compile(
    r"^(?:[←→]\s*(?:back|home|all|prev|previous|next|older|newer|more|read)\b[^.!?]{0,60}|"
    r"share|share this|share this article|back to .{1,30}|skip to (?:main )?content|menu|"
    r"subscribe|sign in|log in|sign up|cookie (?:policy|settings|preferences)|accept(?: all)?(?: cookies)?|"
    r"read more|related (?:articles|posts|stories)|print|tweet|copy link|advertisement|pipeline active|"
    r"(?:last|next|updated|refreshed)\b[^.!?\d]{0,20}\d{1,2}:\d{2}\b[^.!?]{0,60}|"
    r"(?:©|\(c\) ?\d{4}|copyright (?:©|\d{4}))[^.!?]{0,100}(?:\. ?all rights reserved\.?)?)$",
    re.IGNORECASE,
)
# On web pages these are furniture too; text that somebody pasted was chosen by a person.
_WEB_LINE = re.compile(
    "^(?:"
    + "|".join(
        (
            r"(?:share|post|teilen|partager|compartir) (?:this )?(?:on|to|via|auf|sur|en) \w{1,12}"
            r"(?: \w{1,12})?",
            r"(?:view|read|open|see) (?:this |it |the )?(?:e-?mail |mail |message |newsletter )?(?:in|on) "
            r"(?:your |a |the )?(?:browser|web)(?: version)?",
            r"im browser (?:ansehen|anzeigen|öffnen)|voir (?:ce message )?dans (?:le|votre) navigateur",
            r"unsubscribe(?: (?:here|from this (?:list|newsletter)))?|update (?:your )?preferences",
            r"manage (?:your )?subscription|abmelden|abbestellen|se désabonner|отписаться|退订",
            r"(?:print|save|e-?mail) this (?:page|article|story)|(?:edit|improve) this page",
            r"permalink|copy|copied!?|reply|report|edit|follow|like|save|view (?:page )?source",
            r"was this (?:page|article) helpful\??",
            r"privacy (?:policy|notice)|terms (?:of (?:use|service)|and conditions)",
            r"datenschutz|impressum|mentions légales",
            r"(?:©|\(c\) ?\d{4}|copyright (?:©|\d{4})).{0,160}|.{0,60}\ball rights reserved\b.{0,80}",
            r"\d+ ?(?:min(?:ute)?s?|min\.) (?:read|lesezeit|de lecture)",
            r"anzeige|werbung|publicité|advertisement|sponsored|реклама|广告|إعلان",
        )
    )
    + ")[.»›→ ]*$",
    re.IGNORECASE,
)
_NETWORKS = frozenset(
    "twitter facebook linkedin reddit whatsapp telegram mastodon bluesky threads pinterest instagram youtube "
    "tiktok xing pocket flipboard weibo wechat vk line email e-mail x hackernews".split()
)
_POINTER = re.compile(
    "^(?:"
    r"(?:read|see) (?:also|more|next)|also read|more on this"
    r"|related(?: (?:articles?|posts?|stor(?:y|ies)|reading))?"
    r"|lesen sie (?:auch|mehr)|mehr zum thema|siehe auch|(?:à )?lire (?:aussi|également)|voir aussi"
    r"|lea también|leggi anche|lees ook|leia também|читайте также|по теме|另请阅读|相关阅读|延伸阅读"
    r"|اقرأ أيض(?:ا|اً|ًا)"
    r")\s*[:：»›|–—-]?\s*$",
    re.IGNORECASE,
)


def is_furniture_line(line: str) -> bool:
    """Whether a line of any text says nothing but what a page's frame says."""
    return _LINE.match(line) is not None


def is_name_of_network(line: str) -> bool:
    """Whether a line is but the name of a place to share a page at; by itself it may be a heading."""
    return line.strip().casefold() in _NETWORKS


def is_web_furniture(line: str) -> bool:
    """The same for a line that came from a web page's markup, where more such lines are met."""
    return is_furniture_line(line) or _WEB_LINE.match(line) is not None


def points_elsewhere(words: str) -> bool:
    """Whether `words`, those of a line that are no link, only point to another article ("Read also:")."""
    return _POINTER.match(words) is not None
