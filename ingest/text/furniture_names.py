"""The names that builders of pages give to what is no article: words of a class or an id."""

from collections.abc import Set

# One of these is enough.
_ALONE = frozenset(
    # consent
    "cookie cookies consent gdpr cmp "
    # sharing
    "share sharing sharebar sharebuttons social socials addtoany addthis sharedaddy "
    # letters and offers
    "newsletter newsletters subscribe subscription signup optin paywall cta advert adverts advertisement "
    "advertisements advertising ad ads adslot sponsor sponsored promo promotion taboola outbrain "
    # other articles
    "related recommended recommendations recommendation teaser teasers readmore infinite "
    # ways through the site
    "breadcrumb breadcrumbs crumbs pagination pager navbar nav navigation menu submenu sidebar skiplink "
    "toc tableofcontents prevnext "
    # those who read and write
    "comments disqus respond signature postprofile avatar usercard userinfo votecell votes "
    "bio authorbox reputation badges "
    # the page itself
    "noprint print printonly toolbar popup modal lightbox toast masthead footer colophon copyright feedback "
    "editsection headerlink hashlink permalink linenos lineno linenumber linenumbers copybtn "
    "copybutton".split()
)
# These say it only together.
_TOGETHER = tuple(
    frozenset(pair.split("+"))
    for pair in (
        "author+box author+card author+info about+author read+more read+also also+read see+also+posts "
        "next+story next+post next+article prev+post previous+post more+posts more+stories more+articles "
        "most+read most+popular tag+links tags+list post+tags article+tags entry+tags tag+list "
        "back+top skip+link skip+links screen+reader visually+hidden sr+only no+print dont+print "
        "edit+link edit+page last+mod last+updated page+meta user+info user+details post+controls post+menu "
        "post+buttons post+nav post+navigation sign+up mailing+list privacy+banner privacy+manager "
        "line+numbers line+number hash+link header+link anchor+link copy+button site+header site+footer "
        "page+header page+footer social+links online+list action+bar stat+block community+stats"
    ).split()
)
# And these only of something short: what is known of an article is read before, and no part of its text.
_SHORT = frozenset(
    "byline tags taglist kicker eyebrow likes views timestamp postmeta entrymeta readingtime".split()
)
_SHORT_TOGETHER = tuple(
    frozenset(pair.split("+"))
    for pair in "entry+meta post+meta article+meta reading+time read+time post+info".split()
)


# In headings of such parts these stand beside them: "Related posts you may like".
_BESIDE = frozenset(
    "a all also an and articles at by content for from get here in join latest leave like links may more "
    "news notice of on our page pages policy popular post posts preferences privacy reading reply settings "
    "site stay stories story tags the this to top touch up updates us we what with you your".split()
)
_WORDS = _ALONE | _BESIDE | frozenset(word for pair in _TOGETHER for word in pair)


def is_furniture_word(word: str) -> bool:
    """Whether a word, in small letters, is one that says nothing but what a page's frame says."""
    return word in _WORDS


def names_furniture(names: Set[str]) -> bool:
    """Whether an element with these names is none of the article."""
    return not names.isdisjoint(_ALONE) or any(pair <= names for pair in _TOGETHER)


def names_short_furniture(names: Set[str]) -> bool:
    """Whether it is none of the article if it holds but a line."""
    return not names.isdisjoint(_SHORT) or any(pair <= names for pair in _SHORT_TOGETHER)
