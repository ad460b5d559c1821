"""The Arrow C data and stream interfaces, from the libraries that have them."""

import gc
import weakref

import pytest
from test_batch import check


@pytest.fixture
def pa():
    return pytest.importorskip("pyarrow")


@pytest.fixture
def rows(texts):
    return (texts + ["", None, "hi", "a text of thirteen"]) * 300


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "binary", "large_binary", "binary_view"])
@pytest.mark.parametrize("threads", [1, 2])
def test_layouts(lc, pa, rows, kind, threads):
    array = pa.array(rows, getattr(pa, kind)())
    check(lc, lc.classify_batch(array, threads=threads), rows)
    for first, count in ((0, 0), (1, 1), (7, 9), (8, 1024), (13, 2500)):
        check(lc, lc.classify_batch(array.slice(first, count), threads=threads), rows[first : first + count])


@pytest.mark.parametrize("index", ["int8", "uint16", "int64"])
def test_dictionaries(lc, pa, rows, index):
    array = pa.array(rows).dictionary_encode().cast(pa.dictionary(getattr(pa, index)(), pa.string()))
    check(lc, lc.classify_batch(array), rows)
    check(lc, lc.classify_batch(array[5:77]), rows[5:77])
    views = pa.DictionaryArray.from_arrays(pa.array([1, None, 0]), pa.array(["Pay", "a text of thirteen"], pa.string_view()))
    check(lc, lc.classify_batch(views), ["a text of thirteen", None, "Pay"])


def test_chunks_and_readers(lc, pa, rows):
    chunks = pa.chunked_array([rows[:5], [], rows[5:2000], rows[2000:]])
    check(lc, lc.classify_batch(chunks), rows)
    check(lc, lc.classify_batch(pa.chunked_array([], pa.string())), [])
    table = pa.table({"text": chunks})
    check(lc, lc.classify_batch(table["text"]), rows)


def test_nulls_only(lc, pa):
    assert lc.classify_batch(pa.nulls(3000)).missing == [True] * 3000
    assert lc.classify_batch(pa.array([None, None], pa.string())).missing == [True, True]


def test_null_rows_may_hold_anything(lc, pa):
    data, offsets = pa.py_buffer(b"Pay nowgarbage"), pa.array([0, 7, 14], pa.int64()).buffers()[1]
    array = pa.LargeStringArray.from_buffers(2, offsets, data, pa.py_buffer(b"\x01"))
    check(lc, lc.classify_batch(array), ["Pay now", None])


def test_polars(lc, rows):
    polars = pytest.importorskip("polars")
    series = polars.Series("text", rows)
    check(lc, lc.classify_batch(series), rows)
    check(lc, lc.classify_batch(series[5:2000]), rows[5:2000])
    check(lc, lc.classify_batch(polars.Series(rows, dtype=polars.Categorical)), rows)
    frame = polars.DataFrame({"text": rows})
    check(lc, lc.classify_batch(frame["text"]), rows)
    with pytest.raises(TypeError, match="table"):
        lc.classify_batch(frame)
    pytest.importorskip("pyarrow")
    assert polars.DataFrame(lc.classify_batch(series))["label"].to_list() == lc.classify_batch(rows).labels


def test_to_arrow(lc, pa, rows):
    batch = lc.classify_batch(rows)
    table = batch.to_arrow()
    assert table["label"].to_pylist() == batch.labels
    assert table["reason"].to_pylist() == batch.reasons
    assert table["tokens"].to_pylist() == batch.tokens
    expected = [row and row.probabilities["threat"] for row in batch]
    assert table["p_threat"].to_pylist() == expected
    assert table.schema.field("label").type == pa.string()
    assert lc.classify_batch([]).to_arrow().num_rows == 0


def test_columns_of_other_types(lc, pa):
    for wrong in (pa.array([1, 2]), pa.array([1.5]), pa.array([["a"]]), pa.table({"a": ["b"]}), pa.array([True])):
        with pytest.raises(TypeError):
            lc.classify_batch(wrong)


def test_streams_that_fail(lc, pa):
    def batches():
        yield pa.record_batch({"a": ["b"]})
        raise OSError("the disk is gone")

    class Column:
        def __arrow_c_stream__(self, requested_schema=None):
            from pyarrow import cffi as _  # noqa: F401

            return pa.RecordBatchReader.from_batches(pa.schema({"a": pa.string()}), batches()).__arrow_c_stream__()

    with pytest.raises(TypeError, match="table"):
        lc.classify_batch(Column())


def test_memory_is_let_go(lc, pa, texts):
    class Column:
        def __init__(self, array):
            self.array = array

        def __arrow_c_array__(self, requested_schema=None):
            return self.array.__arrow_c_array__(requested_schema)

    before = pa.total_allocated_bytes()
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        for wrap in (Column, lambda array: pa.chunked_array([array])):
            column = wrap(pa.array(texts * 1000, kind))
            lc.classify_batch(column)
            alive = weakref.ref(column)
            del column
            gc.collect()
            assert alive() is None
    gc.collect()
    assert pa.total_allocated_bytes() <= before + 1024
