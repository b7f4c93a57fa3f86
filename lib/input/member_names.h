// Names of members that stand in a record and that nothing declares: which of them a message may show.
//
// A secret can end up as a name: a value and its name changed places, a quote or a brace got lost, a map of names to
// keys was given for a record. So a name of which nothing is known is shown only where it reads like a name:
//
// * it is close to one that is known (a typing mistake), or
// * it is made of words as programmers write them (`newPermission`, `ip_allowlist`, `$note`, `created-at`, `ipv4`):
//   ASCII letters parted by `_`, `-`, `.` or capitals, at most two digits, those at its end; every word made of pairs
//   of letters that words are made of, with a vowel now and then; few of them short; not all hexadecimal digits.
//
// and is at most 40 bytes long. Of any other name messages tell the length and the place, and JSON Pointers hold
// `(name withheld)` in its stead. What this gives up: a secret that is a plain word, like `sunflower`, can't be told
// from a name; and of random texts of twelve letters without a digit about one in a hundred looks like a word, of eight
// small letters one in twenty (tests/unit/member_names_test.cpp counts).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace keywright::input {

// May messages show `name`, text of the input? `known` are the names that could stand there.
[[nodiscard]] bool may_be_shown(std::string_view name, std::span<const std::string> known = {});

// The name in back-ticks, or `(name withheld: 12 bytes)`.
[[nodiscard]] std::string shown_name(std::string_view name, std::span<const std::string> known = {});

// The name as a step of a JSON Pointer, or `(name withheld)`.
[[nodiscard]] std::string pointer_step(std::string_view name, std::span<const std::string> known = {});

}  // namespace keywright::input
