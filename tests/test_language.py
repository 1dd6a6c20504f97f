"""Language of questions, passages and documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language import detect_language, language_of_span, partition_of, partition_of_query

SHORT = {
    "ar": """
        ما هو Caesar Act؟
        كبتاغون
        الأسد 2023
        الاسد ٢٠٢٣
        من
        متى؟
        بشار الأسد
        حزب الله
        مين عارض التطبيع؟
        شو رأيك بالتطبيع
        وين صار الانفجار
        ليش استقال الوزير
        قديش عدد القتلى
        ايش هو الكبتاغون
        ازاي بيتعمل الكبتاجون
        شنو صار ببغداد
        كيفاش وقع الانفجار
        علاش استقال
        فين كاين المغرب
        ليه سافر
        مين هو
        چم سعر الدولار
        اكو كهرباء؟
        شكو ماكو
        هاي شلونكم
        قيصر
        انتوني بلينكن
        أنطوني بلينكن
        ابن خلدون
        محمد بن سلمان
        لبنان
        سعر النفط
        تغير المناخ
        عقوبات قيصر 2020
        قانون Caesar
        Caesar قانون قيصر
        شركة Google
        من هو Elon Musk؟
        ما هي G20؟
        فيروس COVID-19
        ميناء بيروت port explosion
        كرة قدم
        علي
        کبتاغون
        اثر کورونا على الاقتصاد
        هل یوجد علاج
        رئيس الوزراء البريطاني
        مَن كَتَبَ الرِّسالة؟
        ســـوريا
        ﺳﻮﺭﻳﺎ
        تركيا و سوريا
        كم
        كم عدد سكان مصر
        هل وقّع Biden القانون؟
        متى صدر Captagon Act؟
        رأي Carnegie Endowment
        قانون captagon
        Assad الأسد
        تطبيق WhatsApp
        أخبار BBC
        GDP مصر
    """,
    "en": """
        What did الأسد say?
        captagon
        Assad 2023
        covid19
        G20 summit
        F16 jets
        B2B sales
        H5N1 outbreak
        3D printing
        MH17 crash
        UN resolution 2254
        4chan
        COP28 results
        Caesar
        Hezbollah funding
        Bashar al-Assad
        Bashar Hafez al-Assad
        Maher al-Assad Fourth Division
        Antony Blinken
        Recep Tayyip Erdoğan
        Mustafa Kemal Atatürk
        Emmanuel Macron
        Luis de la Calle
        Ursula von der Leyen
        Gabriel García Márquez
        François Hollande
        Deir ez-Zor
        Saïda
        Beyoncé
        UNHCR
        WHO
        when
        Nobel prize
        drug trade jordan border
        syria sanctions relief 2024
        refugees lebanon return
        sanctions?
        oil price
        climate change
        who won
        who is he
        tell me about captagon
        population of Damascus
        capital Lebanon
        Jordan border drug seizure
        normalization arab league
        vaccine side effects
        who's Assad?
        what's captagon
        whats the deal
        u.s. troops
        explain normalisation
        summarise the report
        Doha talks
        Idlib
        Aleppo siege
        Super Bowl 50
        Luxembourg population
        Normandy
        Huguenots
        name three ministers
        minister resigned?
        Islamic banking
        genghis khan death
        Martin Luther
        doctor who
        sky uk
        What is حزب الله?
        who is بشار الأسد
        Did بايدن sign the law?
        meaning of كبتاغون
        who killed 2pac
        iphone7 price
        web3 scams
        en route flights
        kim jong un summit
        Los Angeles fires
        Las Vegas
        El Niño
        El Sisi speech
        wen jiabao visit
        Rio de Janeiro
        la liga winners
        3 years war
        2nd amendment
        MP3 players
        mp3 player
        iraq war 2003
        Côte d'Ivoire
        São Paulo
        CIA
        eu sanctions
        ofac designations syria
        sednaya prison
        what happened in hama
        how much captagon
        Where's Idlib
        was Assad invited?
        comment by Hill
    """,
    "und": """
        2023
        ٢٠٢٣ / ١٢
        12.5%
        meen 3arad el tatbi3?
        shu ra2yak bel ta6bi3
        kam 3adad el 2atla
        wen sar el enfijar
        meen howe bashar al assad
        sho sar b beirut
        ween ra7o el laji2in
        keef el wad3 b souria
        7izbullah
        7abibi
        ta6bi3
        matba5 el souri sho fi
        3arabi
        el 7arb b souria
        lesh sta2al el wazir
        addesh se3r el dollar
        emta sarat el 7arb
    """,
    "fr": """
        Qui est Assad ?
        Quand a été votée la loi ?
        Qu'est-ce que le captagon ?
        C'est quoi le captagon
        Où est Damas ?
        sanctions contre la Syrie
        guerre en Syrie
        Pourquoi le ministre a démissionné ?
        combien de morts
        Quoi de neuf ?
        quelle est la capitale
        réfugiés syriens
        le captagon en Syrie
    """,
    "de": """
        Wer ist Assad?
        Was ist Captagon?
        Wann wurde das Gesetz verabschiedet?
        Warum trat der Minister zurück?
        Wie viele Tote?
        Syrien und Assad
    """,
    "es": """
        ¿Quién es Assad?
        ¿Qué es el captagón?
        guerra en Siria
        cuántos muertos
        ¿Dónde está Siria?
        quien gano
    """,
    "tr": """
        Esad kimdir?
        Suriye'de ne oldu?
        Kaptagon nedir
        Yasa ne zaman çıktı?
        Suriye savaşı
        kaç kişi öldü
        Cumhurbaşkanı kim
        Esad neden gitti
        Türkiye'nin başkenti neresi?
    """,
    "fa": """
        اسد کیست؟
        کاپتاگون چیست
        رئیس جمهور ایران
        چه کسی مخالفت کرد
        قیمت دلار
        این قانون چیست؟
        تحریم های سوریه
        جنگ سوریه
    """,
    "ur": """
        کپتاگون کیا ہے
        شام میں جنگ
    """,
    "ku": """
        سەرۆک کێیە
    """,
    "ru": """
        Кто такой Асад?
        каптагон
    """,
    "uk": """
        Хто такий Асад? Війна в Сирії
    """,
    "he": """
        מלחמה בסוריה
    """,
    "zh": """
        叙利亚战争
    """,
    "ja": """
        シリア内戦とは
    """,
    "ko": """
        시리아 내전
    """,
}
"""Questions and queries as people type them: dialects, names, figures, mixed script, Arabizi (left unknown)."""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("من علّق؟", "ar"),
        ("سوريا", "ar"),
        ("ما هو Captagon Act؟", "ar"),
        ("من هو Anthony Blinken و Bashar al-Assad؟", "ar"),
        ("قانون الكبتاغون Captagon Act", "ar"),
        ("گوگل تعلن عن منتج جديد", "ar"),
        ("What is الكبتاغون?", "en"),
        ("Who commented?", "en"),
        ("Captagon?", "en"),
        ("Assad regime", "en"),
        ("Caesar Act sanctions", "en"),
        ("what is Internet2", "en"),
        ("When did Congress pass the Captagon act?", "en"),
        ("Qui a commenté la stratégie ?", "fr"),
        ("Was sagte der Minister?", "de"),
        ("¿Quién comentó?", "es"),
        ("Uyuşturucu ticareti nedir?", "tr"),
        ("این چیست؟", "fa"),
        ("یہ کیا ہے؟", "ur"),
        ("ئەم شتە چییە؟", "ku"),
        ("Что это?", "ru"),
        ("מה זה?", "he"),
        ("これは何ですか", "ja"),
        ("kifak 7abibi shu 3am ta3mel", "und"),
        ("1234 …!", "und"),
        ("", "und"),
    ],
)
def test_detect_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"), [(line.strip(), code) for code, lines in SHORT.items() for line in lines.strip().splitlines()]
)
def test_short_questions(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_compatibility_forms_are_the_letters_that_they_stand_for() -> None:
    assert detect_language("\ufeb3\ufeee\ufead\ufef3\ufe8e") == "ar"
    assert detect_language("Ｓｙｒｉａ　ｗａｒ　ｃｒｉｍｅｓ") == "en"


def test_a_short_heading_is_in_its_documents_language() -> None:
    assert detect_language("Recep Tayyip Erdoğan", prior="tr") == "tr"
    assert detect_language("Recep Tayyip Erdoğan", prior="ar") == "en"
    assert detect_language("Emmanuel Macron", prior="fr") == "fr"
    assert detect_language("کابل", prior="fa") == "fa"


@pytest.mark.parametrize(
    ("query", "partition"),
    [
        ("meen howe bashar al assad", "en"),
        ("captagon", "en"),
        ("ما هو Caesar Act؟", "ar"),
        ("2023", "other"),
        ("Qui est Assad ?", "other"),
        ("اسد کیست؟", "other"),
    ],
)
def test_the_words_of_a_query_match_in_one_partition(query: str, partition: str) -> None:
    assert partition_of_query(query, detect_language(query)) == partition


def test_the_script_decides_where_no_language_is_known() -> None:
    assert [partition_of_query(query, "und") for query in ("كلمة", "meen", "12")] == ["ar", "en", "other"]


def test_a_passage_takes_its_own_language_and_else_its_documents() -> None:
    assert language_of_span("This paragraph is in English, whatever stands around it.", "ar") == "en"
    assert language_of_span("وهذه الفقرة بالعربية.", "en") == "ar"
    assert language_of_span("2022 | 15 | 37", "ar") == "ar"
    assert language_of_span("Questo è un testo italiano.", "it") == "it"


def test_partitions() -> None:
    assert [partition_of(code) for code in ("ar", "en", "fa", "fr", "und")] == ["ar", "en", "other", "other", "other"]


@given(st.text(max_size=300), st.sampled_from([None, "ar", "en", "fr", "zz"]))
def test_any_text_has_a_language(text: str, prior: str | None) -> None:
    assert 2 <= len(detect_language(text, prior)) <= 3
