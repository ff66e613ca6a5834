from ingest.folder_source import FILE_SUFFIXES
from ingest.other_kinds import NOT_READ, PICTURES, why_no_pictures, why_not_read


def test_no_kind_is_both_read_and_told_of() -> None:
    assert FILE_SUFFIXES.isdisjoint(NOT_READ)
    assert FILE_SUFFIXES.isdisjoint(PICTURES)
    assert PICTURES.isdisjoint(NOT_READ)


def test_what_a_file_is_to_be_saved_as_is_read() -> None:
    for suffix in NOT_READ:
        advice = why_not_read(suffix).rpartition("; ")[2]
        assert advice == "unpack it" or advice.removeprefix("save it as ") in FILE_SUFFIXES


def test_one_picture_is_not_counted() -> None:
    assert "so many" not in why_no_pictures(["a.png"])
