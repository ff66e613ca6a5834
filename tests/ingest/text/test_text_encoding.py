"""Text in every encoding that people still save it in comes out as it was written."""

import pytest

from ingest.errors import ArticleNotText
from ingest.text.text_encoding import decode

PARAGRAPHS = {
    "zh": "开放权重的语言模型在过去两年中发展迅速。许多银行开始在自己的服务器上运行这些模型。",
    "zh-hant": "開放權重的語言模型在過去兩年中發展迅速。許多銀行開始在自己的伺服器上執行這些模型。",
    "ja": "オープンな言語モデルは過去二年間で急速に発展した。多くの銀行が自社のサーバーで動かし始めている。",
    "ko": "공개 가중치 언어 모델은 지난 2년 동안 빠르게 발전했다. 많은 은행이 자체 서버에서 모델을 실행한다.",
    "ru": "Открытые языковые модели быстро развивались в последние два года. Банки запускают их у себя.",
    "ar": "تطورت النماذج اللغوية المفتوحة بسرعة خلال العامين الماضيين. فمن المستفيد؟ هذا سؤال مهم.",
    "el": "Τα ανοιχτά γλωσσικά μοντέλα αναπτύχθηκαν γρήγορα τα τελευταία δύο χρόνια στις τράπεζες.",
    "he": "מודלי שפה פתוחים התפתחו במהירות בשנתיים האחרונות. בנקים רבים מריצים אותם על השרתים שלהם.",
    "pl": "Otwarte modele językowe szybko się rozwijały. Źródła mówią, że dane nie mogą opuścić instytucji.",
    "tr": "Açık dil modelleri son iki yılda hızla gelişti. Birçok banka çalıştırıyor; şöyle ğ, ı ve İ ile.",
    "de": "Größe und Maß: 3,8 Mrd. € für “offene” Modelle. Die Banken führen sie selbst aus, über Jahre.",
    "fr": "Les modèles ouverts ont évolué très vite ces dernières années, où les données restent protégées.",
    "en": "Open models cost £3 or €4 — that’s “cheap”, and it’s naïve to think “free” … or “good” — so far.",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("zh", "gb18030"),
        ("zh", "gb2312"),
        ("zh-hant", "big5"),
        ("ja", "shift_jis"),
        ("ja", "euc_jp"),
        ("ko", "euc_kr"),
        ("ru", "koi8_r"),
        ("ru", "windows-1251"),
        ("ar", "windows-1256"),
        ("el", "windows-1253"),
        ("he", "windows-1255"),
        ("pl", "windows-1250"),
        ("tr", "windows-1254"),
        ("de", "cp1252"),
        ("fr", "cp1252"),
        ("en", "cp1252"),
    ],
)
def test_a_paragraph_comes_out_as_it_was_written(language: str, encoding: str) -> None:
    text = PARAGRAPHS[language]
    assert decode(text.encode(encoding)) == text
    assert decode(f"<html><p>{text}</p></html>".encode(encoding)) == f"<html><p>{text}</p></html>"


@pytest.mark.parametrize(("language", "encoding"), [("ru", "koi8_r"), ("zh", "gb18030"), ("de", "cp1252")])
def test_a_long_text_is_told_by_a_part_of_it(language: str, encoding: str) -> None:
    text = "ASCII comes first.\n" * 5000 + (PARAGRAPHS[language] + "\n") * 2000
    assert decode(text.encode(encoding)) == text


def test_what_the_sender_says_wins_over_a_guess_but_not_over_utf8() -> None:
    text = PARAGRAPHS["ru"]
    assert decode(text.encode("cp1251"), declared="windows-1251") == text
    assert decode("Да.".encode("koi8_r"), declared="koi8-r") == "Да."
    assert decode(text.encode(), declared="windows-1251") == text
    assert decode(text.encode("cp1251"), declared="no-such-thing") == text


def test_a_few_bytes_of_something_else_do_not_make_utf8_anything_else() -> None:
    text = PARAGRAPHS["de"] * 3
    assert decode(text.encode() + b" caf\xe9") == f"{text} caf\ufffd"
    assert decode("Größe".encode() + "ü".encode()[:1], declared="UTF-8") == "Größe\ufffd"
    page = b"<meta charset='utf-8'>" + "Maß für Maß".encode() + b" \x93"
    assert decode(page).endswith("Maß für Maß \ufffd")


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("ISO-8859-1", "cp1252", "It’s “quoted” – and costs 4 €…"),
        ("us-ascii", "cp1252", "It’s"),
        ("gb2312", "gb18030", "“开放”的镕字"),
        ("big5", "big5hkscs", "開放的模型"),
        ("Shift_JIS", "cp932", "①～⑳の章"),
        ("euc-kr", "cp949", "똠방각하"),
        ("iso-8859-9", "cp1254", "“açık” ğüş"),
    ],
)
def test_a_declared_encoding_is_read_as_browsers_read_it(declared: str, encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), declared=declared) == text
    page = f"<meta charset={declared}><p>{text}"
    assert decode(page.encode(encoding)) == page


def test_a_few_signs_tell_no_encoding_and_are_western() -> None:
    assert decode("Café für naïve".encode("cp1252")) == "Café für naïve"


@pytest.mark.parametrize("data", [bytes(range(128, 256)) + b"\x01\x02", bytes(range(256)) * 40])
def test_binary_data_are_not_taken_for_some_alphabet(data: bytes) -> None:
    with pytest.raises(ArticleNotText, match=r"binary data|no encoding"):
        decode(data)
