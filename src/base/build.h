// What this program was built from.
#pragma once

#include <string_view>

namespace forge {

/// The git commit, hex; "unknown" for a tree that is neither a checkout nor a release archive.
std::string_view build_commit();

}
