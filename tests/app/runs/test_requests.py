import pytest

from unrolled.app.errors import MessageError
from unrolled.app.runs.requests import TraceRequest, experiment, parse
from unrolled.app.settings import Settings
from unrolled.engine import ExperimentError


def test_a_request_has_a_number_and_the_fields_of_an_experiment():
    request = parse(TraceRequest, '{"id": 7, "experiment": {"cell": "lstm"}}')
    assert (request.id, request.experiment) == (7, {"cell": "lstm"})


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (None, "binary", "JSON as text"),
        ("hello", "json", "not valid JSON at line 1, column 1 ('hello')"),
        ('{"a": 1,\n "b" 神}', "json", "line 2, column 6 ('神}')"),
        ('{"a": ', "json_ends", "closing brace"),
        ("[" * 100_000, "json_deep", "too many nested brackets"),
        (f"[{'9' * 5000}]", "json_digits", "4300 digits"),
        (b'{"a": "\xff"}', "utf8", "byte 8"),
        ("[1]", "object", "[1]"),
        ('{"id": "7", "experiment": {}}', "key_whole", 'id must be a whole number, got "7"'),
        ('{"id": true, "experiment": {}}', "key_whole", "got true"),
        ('{"id": 7}', "key_missing", "needs experiment"),
        ('{"id": 7, "experiment": {}, "cell": "rnn"}', "key_unknown", "it may have id, experiment"),
        ('{"id": 7, "experiment": []}', "key_object", "got []"),
    ],
)
def test_a_message_that_cannot_be_answered_says_what_it_is(text, code, words):
    with pytest.raises(MessageError) as caught:
        parse(TraceRequest, text)
    assert caught.value.code == code
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('{"id": 7}', 7),
        ('{"id": 7, "experiment": [], "cell": "rnn"}', 7),
        ('{"id": true, "experiment": {}}', None),
        ('{"id": 7.5, "experiment": {}}', None),
        ("[7]", None),
    ],
)
def test_a_wrong_envelope_is_answered_under_its_id_where_it_has_one(text, number):
    with pytest.raises(MessageError) as caught:
        parse(TraceRequest, text)
    assert caught.value.number == number


def test_a_long_message_is_not_quoted_whole():
    with pytest.raises(MessageError) as caught:
        parse(TraceRequest, '{"x": "' + "long " * 10_000 + '"}')
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("fields", "field", "limit"),
    [
        ({"sequence": "abcdef"}, "sequence", "5"),
        ({"hidden_size": 9}, "hidden_size", "8"),
        ({"architecture": "one-to-many", "target": "abcdef"}, "target", "5"),
        ({"architecture": "encoder-decoder", "target": "abcdef"}, "target", "5"),
    ],
)
def test_a_server_can_set_lower_limits_than_the_engine(fields, field, limit):
    settings = Settings(most_tokens=5, most_hidden_units=8)
    with pytest.raises(ExperimentError) as caught:
        experiment({"sequence": "abc", "hidden_size": 8, **fields}, settings)
    assert caught.value.field == field
    assert limit in str(caught.value)
