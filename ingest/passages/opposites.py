"""Words that say the opposite of each other: texts that differ in such a pair are no reprints.

Beside the words that turn a statement whatever stands in their place (see telling_words.py): "internal" may
well be left out of a reprint, but "external" in its place makes another statement of it.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

import Stemmer

# Most words of a library are a few thousand.
_REMEMBERED = 20_000
_PAIRS = (
    "more/less increase/decrease must/may high/low rise/fall rise/drop grow/shrink gain/lose "
    "gain/drop up/down kept/deleted kept/removed kept/discarded permanently/temporarily "
    "improve/worsen improve/degrade better/worse accelerate/slow accelerate/decelerate speed/slow "
    "succeed/fail success/failure success/fail pass/fail win/lose victory/defeat profit/loss "
    "minimum/maximum minimal/maximal minimize/maximize minimise/maximise upper/lower major/minor "
    "majority/minority internal/external inside/outside inner/outer indoor/outdoor inbound/outbound "
    "incoming/outgoing input/output full/empty hot/cold warm/cool warm/cold heavy/light easy/hard "
    "easy/difficult simple/complex simple/complicated strengthen/weaken strong/weak expand/contract "
    "extend/shorten lengthen/shorten widen/narrow accept/reject accept/refuse allow/forbid allow/prohibit "
    "allow/prevent permit/prohibit permit/forbid approve/reject grant/deny grant/refuse grant/revoke "
    "present/absent include/exclude include/omit for/against with/without agree/disagree support/oppose "
    "agree/refuse agree/decline accept/decline approve/refuse approve/decline publish/withdraw "
    "launch/withdraw announce/deny confirm/deny admit/deny beside/behind before/behind praise/criticise "
    "praise/criticize welcome/condemn hope/fear trust/distrust win/fail found/lost rescue/abandon "
    "keep/delete keep/remove keep/discard retain/discard retain/delete create/destroy create/delete "
    "build/destroy open/close lock/unlock mandatory/voluntary mandatory/optional compulsory/voluntary "
    "recommend/discourage encourage/discourage advise/discourage suitable/unsuitable positive/negative "
    "active/passive active/inactive strict/lenient strict/loose public/private permanent/temporary "
    "fixed/variable fixed/floating static/dynamic local/remote local/global online/offline morning/evening "
    "day/night north/south east/west northern/southern eastern/western left/right male/female man/woman "
    "men/women husband/wife mother/father son/daughter brother/sister buyer/seller lender/borrower "
    "employer/employee landlord/tenant teacher/student plaintiff/defendant creditor/debtor debit/credit "
    "asset/liability supply/demand import/export revenue/expense income/expense surplus/deficit "
    "overvalue/undervalue underestimate/overestimate ascending/descending ascend/descend forward/backward "
    "forwards/backwards rich/poor near/far wide/narrow broad/narrow deep/shallow thick/thin tall/short "
    "dense/sparse hard/soft hardware/software synchronous/asynchronous read/write encrypt/decrypt "
    "encode/decode compress/decompress compress/expand upload/download push/pull send/receive "
    "sender/recipient horizontal/vertical row/column domestic/foreign national/international urban/rural "
    "attack/defend attack/defence attack/defense love/hate life/death alive/dead live/dead live/die "
    "healthy/sick healthy/ill guilty/innocent plus/minus add/subtract multiply/divide "
    "numerator/denominator manual/automatic manual/automated whole/part wholly/partly entirely/partly "
    "fully/partially completely/partially fully/partly exceed/match exactly/roughly exactly/approximately "
    "precise/vague often/rarely frequent/rare common/rare likely/unlikely same/different similar/different "
    "equal/different simultaneous/successive together/separately single/multiple singular/plural "
    "everyone/nobody everything/nothing anyone/nobody everybody/nobody always/never sooner/later "
    "before/after early/late old/new young/old ancient/modern past/future former/latter "
    "predecessor/successor "
    "beginning/end begin/end start/stop start/finish enter/leave arrive/depart enter/exit hire/dismiss "
    "hire/fire join/leave join/quit buy/sell lend/borrow give/take teach/learn ask/answer question/answer "
    "cause/effect cheap/expensive cheap/dear safe/dangerous safe/unsafe clean/dirty dry/wet light/dark "
    "bright/dark black/white loud/quiet sweet/bitter sharp/blunt smooth/rough tight/loose peace/war "
    "friend/enemy ally/enemy advantage/drawback benefit/harm benefit/risk benefit/drawback help/harm "
    "useful/useless useful/harmful harmless/harmful cure/cause relieve/cause protect/endanger "
    "enable/prevent enable/disable admit/deny confirm/deny confirm/refute prove/refute prove/disprove "
    "praise/criticise praise/criticize optimistic/pessimistic bull/bear bullish/bearish"
).split()


def are_opposites(one: str, other: str) -> bool:
    """Whether the two words, in any regular form ("growing", "shrinks"), say opposite things."""
    against = _opposites().get(_stem(one))
    return against is not None and _stem(other) in against


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS:
        one, _, other = pair.partition("/")
        for word, opposite in ((one, other), (other, one)):
            found.setdefault(_stem(word), set()).add(_stem(opposite))
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(_REMEMBERED)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word.casefold()))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
