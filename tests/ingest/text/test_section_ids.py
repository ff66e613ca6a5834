"""Ids that generators of pages make from headings name subjects, and parts of the frame only by chance."""

import pytest
from lxml import html

from ingest.text.page_pruning import prune

WORDS = "The dam holds the water of three valleys, and has done so for longer than anybody remembers. "


def left(body: str) -> str:
    tree = html.document_fromstring(f"<html><body>{body}<p>{WORDS * 9}</p></body></html>")
    prune(tree, "A dam")
    return tree.text_content().replace(WORDS * 9, "")


@pytest.mark.parametrize(
    "markup",
    [
        "<section id='related-work'><h2>Related work</h2><p>kept</p></section>",
        "<section id='related-work'><span id='rw'></span><h2>Related work<a class='headerlink'>¶</a></h2>kept"
        "</section>",
        "<main><div id='social-impact'><header><h2>Social impact</h2></header>kept</div></main>",
        "<h2 id='signature-kept'>Signature kept</h2>",
        "<h2><span class='mw-headline' id='Sharing_is_kept'>Sharing is kept</span></h2>",
        "<h3 id='user-content-cookie-jars'>Cookie jars</h3>kept",
        "<h3 id='whats-new-in-ads-kept'>What’s new in ads: kept</h3>",
        "<section id='comments-on-rain-2'><h2>Comments on rain</h2>kept</section>",
        "<section id='water'><h2>Water</h2>x</section><section id='cookies'><h2>Cookies</h2>kept</section>",
    ],
)
def test_what_an_id_made_from_its_heading_names_is_text(markup: str) -> None:
    assert "kept" in left(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<section id='comments'><h2>Comments</h2>gone</section>",
        "<section id='related-posts'><h2>Related posts</h2>gone</section>",
        "<div id='newsletter'><h2>Rain every Monday</h2>gone</div>",
        "<section id='related-work' class='sidebar'><h2>Related work</h2>gone</section>",
        "<div id='cookie-consent'><p>gone</p></div>",
        "<section id='water'><h2>Water</h2>x</section><div id='comments'><h2>Comments</h2>gone</div>",
    ],
)
def test_an_id_that_names_a_part_of_the_frame_still_does(markup: str) -> None:
    assert "gone" not in left(markup)


def test_words_of_the_look_in_print_and_of_a_posts_subjects_name_nothing() -> None:
    assert "kept" in left("<section class='mt-4 print:break-inside-avoid sm:ad'>kept</section>")
    assert "kept" in left("<article class='hentry category-social tag-cookies'>kept</article>")
    assert "gone" not in left("<div class='flex print:hidden'>gone</div>")
    assert "gone" not in left("<div class='category-social'>gone</div>")
