// From a pattern, the pattern of what its matches begin with: can a text that goes on still become a match?
#pragma once

#include <string>
#include <string_view>

namespace forge {

/// The RE2 expression, without groups, that matches a text exactly if some match of `pattern` begins with it (the empty
/// text and whole matches too).  An assertion (\b, ^, $, \z) at the text's end counts as one that may yet hold, so it
/// may match more, never less.  Counts above `most` are taken for any number, which keeps the automaton small.  Known are
/// literals, classes, groups with and without flags, and repetitions; throws Error for anything else.
std::string prefix_pattern(std::string_view pattern, unsigned long most = 1000);

}
