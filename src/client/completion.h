// Completion for shells, made from the table of commands.
#pragma once

#include <span>
#include <string>

#include "base/options.h"

namespace forge {

/// A script that bash reads: commands, their options, and file names for the rest.
std::string bash_completion(std::span<const Command> commands);

}
