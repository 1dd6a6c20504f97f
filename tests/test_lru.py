"""The bounded memory: what was used last is kept, by number or by weight."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from rag.lru import LruCache

KEYS = st.sampled_from(["سؤال", "سؤال؟", "question", "a", "ب", "ج"])


def test_what_was_used_last_is_kept() -> None:
    kept: LruCache[str, int] = LruCache(2)
    kept.put("أ", 1)
    kept.put("ب", 2)
    assert kept.get("أ") == 1
    kept.put("ج", 3)
    assert kept.known(["أ", "ب", "ج"]) == {"أ": 1, "ج": 3}
    assert len(kept) == 2
    assert "ب" not in kept


def test_none_is_a_value_too() -> None:
    kept: LruCache[str, str | None] = LruCache(3)
    kept.put("سؤال", None)
    assert "سؤال" in kept
    assert kept.known(["سؤال", "آخر"]) == {"سؤال": None}
    assert kept.get("سؤال") is None
    assert kept.get("آخر") is None


def test_by_weight_and_the_newest_always_stays() -> None:
    kept: LruCache[str, str] = LruCache(10, len)
    for text in ("نصّ قصير", "نص", "نص أطول من كل ما يُحفظ"):
        kept.put(text, text)
    assert kept.known(["نصّ قصير", "نص"]) == {}
    assert kept.weight == len("نص أطول من كل ما يُحفظ")
    kept.put("نص", "نص")
    assert len(kept) == 1
    kept.put("نص", "نص آخر")  # another value under the same key
    assert kept.weight == len("نص آخر")


@given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from(["get", "put"]), KEYS), max_size=40))
def test_it_holds_the_last_used_of_all_that_was_put(most: int, steps: list[tuple[str, str]]) -> None:
    kept: LruCache[str, str] = LruCache(most)
    used: OrderedDict[str, None] = OrderedDict()
    for step, key in steps:
        if step == "put":
            kept.put(key, key)
            used[key] = None
        else:
            assert kept.get(key) == (key if key in used else None)
        if key in used:
            used.move_to_end(key)
        while len(used) > most:
            used.popitem(last=False)
    assert kept.known(used) == {key: key for key in used}
    assert len(kept) == kept.weight == len(used)


def test_threads_may_share_it() -> None:
    kept: LruCache[int, int] = LruCache(5)

    def use(number: int) -> None:
        kept.put(number % 9, number % 9)
        assert kept.get(number % 9) in (None, number % 9)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(2000)))
    assert len(kept) == kept.weight == 5
