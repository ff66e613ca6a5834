"""A pair of opposites holds two texts apart, and words that only say the same in other words do not."""

import pytest
from test_same_article import TEXT, are_one

from ingest.passages.opposites import are_opposites
from ingest.passages.telling_words import tells, turn_each_other

OPPOSITES = """
more/less increase/decrease must/may higher/lower rise/fall growing/shrinking rising/falling
increasing/decreasing gaining/losing improve/worsen improves/worsens improved/worsened
accelerate/slow accelerates/slows faster/slower success/failure succeed/fail succeeds/fails
succeeded/failed pass/fail passes/fails passed/failed profit/loss profits/losses minimum/maximum
minimal/maximal upper/lower internal/external inside/outside full/empty hot/cold warm/cool
heavy/light easy/difficult easy/hard simple/complex strengthen/weaken strengthens/weakens
strengthened/weakened expand/contract expands/contracts expanded/contracted accepting/rejecting
allowing/forbidding present/absent include/exclude including/excluding with/without for/against
agree/disagree agrees/disagrees agreed/disagreed approve/reject keep/delete keeps/deletes
kept/deleted create/destroy mandatory/optional mandatory/voluntary required/optional
recommended/discouraged recommend/discourage encourage/discourage encouraged/discouraged
always/never everyone/nobody everything/nothing anyone/nobody likely/unlikely possible/impossible
certain/uncertain known/unknown positive/negative active/passive strict/lenient majority/minority
publicly/privately permanent/temporary permanently/temporarily fixed/variable local/remote
online/offline first/last before/after early/late morning/evening north/south east/west left/right
male/female men/women buyer/seller lender/borrower debit/credit asset/liability supply/demand
ascending/descending forward/backward forwards/backwards rich/poor near/far wide/narrow deep/shallow
thick/thin dense/sparse synchronous/asynchronous read/write encrypt/decrypt encrypted/decrypted
compress/decompress horizontal/vertical domestic/foreign attack/defend attacked/defended
victory/defeat won/lost love/hate life/death alive/dead healthy/sick guilty/innocent lawful/unlawful
above/below plus/minus add/subtract multiply/divide direct/indirect manual/automatic
manually/automatically partly/wholly partially/fully entirely/partly sooner/later cheaper/dearer
gained/lost underestimate/overestimate most/least least/most better/worse best/worst
""".split()
# As editors change them from one printing to the next.
HARMLESS = """
quickly/rapidly begin/start large/big buy/purchase help/assist show/display use/employ way/manner
reply/answer thin/slim makers/producers manual/handbook installation/setup trial/test told/advised wrote/noted
holiday/vacation car/vehicle often/frequently nearly/almost maybe/perhaps enough/sufficient firm/company
study/report paper/document clients/customers staff/employees cost/price area/region reason/cause
""".split()


@pytest.mark.parametrize("pair", OPPOSITES)
def test_opposites_turn_a_statement(pair: str) -> None:
    one, other = pair.split("/")
    assert tells(one) or tells(other) or turn_each_other(one, other)
    assert turn_each_other(one, other) == turn_each_other(other, one)


def test_no_word_is_its_own_opposite_and_other_forms_count() -> None:
    assert not are_opposites("growing", "growing")
    assert are_opposites("growing", "shrinks")
    assert are_opposites("Encrypted", "decrypts")


@pytest.mark.parametrize("pair", ["internal/external", "manual/automatic", "improves/worsens", "near/far"])
def test_texts_that_differ_in_a_pair_of_opposites_are_two_articles(pair: str) -> None:
    one, other = pair.split("/")
    text = TEXT.replace("The weights are open.", f"The weights are {one} to it.")
    assert not are_one(text, text.replace(f"are {one} to", f"are {other} to"))
    # Said otherwise, or left out, it is a reprint all the same.
    assert are_one(text, text.replace(f"are {one} to", "are to"))


@pytest.mark.parametrize("pair", HARMLESS)
def test_words_that_say_the_same_part_no_reprints(pair: str) -> None:
    one, other = pair.split("/")
    assert not turn_each_other(one, other)
