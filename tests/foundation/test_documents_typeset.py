"""Chinese lines: what may stand at their edges, and that the edges are flush. Every character is 10 points wide."""

import pytest

from foundation.documents import typeset


def measure(text):
    return sum(5 if character.isascii() else 10 for character in text)


def set_lines(text, characters, indent=0):
    return typeset.lines(text, width=characters * 10, size=10, measure=measure, indent=indent)


def texts(lines):
    return ["".join(piece.text for piece in line.pieces) for line in lines]


@pytest.mark.parametrize(
    ("text", "characters", "expected"),
    [
        ("一二三四五六七八", 4, ["一二三四", "五六七八"]),
        ("一二三，四五", 3.5, ["一二三，", "四五"]),  # the comma gives up its blank half
        ("一二三。四五", 3, ["一二", "三。四", "五"]),  # no line begins with a full stop
        ("一二（三四）五", 3, ["一二", "（三四）", "五"]),  # no line ends with an opening mark
        ("在2026年12月", 4, ["在2026年", "12月"]),  # numbers stay whole
        ("一二三……四", 4, ["一二三", "……四"]),
        ("abc def 一二", 4, ["abcdef", "一二"]),  # the blank at the edge goes
        ("abcdefghijkl", 3, ["abcdef", "ghijkl"]),  # a word wider than the line is torn after all
        ("", 4, []),
    ],
)
def test_lines_break_where_they_may(text, characters, expected):
    assert texts(set_lines(text, characters)) == expected


def right_edge(line):
    last = line.pieces[-1]
    return last.x + measure(last.text) + (len(last.text) - 1) * last.spacing


def test_full_lines_are_flush_and_the_last_one_is_not_spread():
    lines = set_lines("根据公务员考核规定，经2026年度考核，确定为优秀等次。", 8.3, indent=2)
    assert [round(right_edge(line), 6) for line in lines[:-1]] == pytest.approx(
        [83 + (5 if texts([line])[0][-1] in "，。" else 0) for line in lines[:-1]]
    )
    assert all(piece.spacing == 0 for piece in lines[-1].pieces)
    assert lines[0].pieces[0].x == 20 and lines[1].pieces[0].x == 0


def test_marks_beside_each_other_share_a_square():
    [line] = set_lines("一》、二", 9)
    assert [(piece.x, piece.text) for piece in line.pieces] == [(0, "一》"), (15, "、二")]


def test_narrow_quotes_get_a_square_like_their_neighbours():
    [line] = typeset.lines(
        "一“二”三", width=90, size=10, measure=lambda t: sum(4 if c in "“”" else 10 for c in t), indent=0
    )
    assert [(round(piece.x, 1), piece.text) for piece in line.pieces] == [
        (0, "一"),
        (15.2, "“"),
        (20, "二"),
        (30.8, "”"),
        (40, "三"),
    ]
