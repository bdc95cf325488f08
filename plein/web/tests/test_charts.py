# SPDX-License-Identifier: AGPL-3.0-or-later
import re

from plein.web.charts import Tile, columns_of, hopscotch, progress, spark, steps, strength, within_limit


def tiles(count: int, state: str = "later", free: bool = False) -> list[Tile]:
    return [Tile(f"Call {number}", "Call somebody", f"/{number}", "9.30", state, free) for number in range(count)]


def test_two_things_in_any_order_are_stacked() -> None:
    assert [len(column) for column in columns_of(tiles(3, free=True))] == [2, 1]
    assert [len(column) for column in columns_of(tiles(3))] == [1, 1, 1]


def test_a_full_day_shows_ten_tiles_and_a_number() -> None:
    shown, rest = within_limit(tiles(13))
    assert (len(shown), rest) == (10, 3)
    assert "+3" in hopscotch(tiles(13))


def test_what_was_done_first_makes_room_for_what_comes() -> None:
    day = [*tiles(6, "done"), *tiles(6)]
    shown, rest = within_limit(day)
    assert (len(shown), rest, shown[0].state) == (10, 0, "done")


def test_the_stone_lies_on_now_and_only_there() -> None:
    drawing = hopscotch([*tiles(1, "done"), *tiles(1, "now"), *tiles(2)])
    assert drawing.count('class="stone"') == 1


def test_a_name_with_markup_cannot_leave_its_tile() -> None:
    drawing = hopscotch([Tile("<script>", "</title><script>", "/x", "9.30")])
    assert "<script" not in drawing


def test_no_drawing_carries_a_style_attribute() -> None:
    drawings = [hopscotch(tiles(3)), steps(5, 2), spark([1, 0, 3], "weeks"), strength(3), progress(1, 3)]
    assert not re.search(r"\sstyle=", "".join(drawings))


def test_progress_knows_its_bounds() -> None:
    assert 'aria-valuenow="33"' in progress(1, 3)
    assert 'aria-valuenow="100"' in progress(9, 3)
    assert 'aria-valuenow="0"' in progress(9, 0)
