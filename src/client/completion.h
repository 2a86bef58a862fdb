// Completion for shells, made from the table of commands.
#pragma once

#include <span>
#include <string>

#include "base/options.h"

namespace forge {

/// A script that bash reads: commands, their options, and file names for the rest.  `programs` are those that forge runs
/// by their names, "catalog-lint" for forge-catalog-lint: the shell asks their --help for their options.
std::string bash_completion(std::span<const Command> commands, std::span<const std::string> programs);

}
