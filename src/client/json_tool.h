// A tool that asks the ledger, with --json.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace forge {

/// run_tool (client/ledger_tool.h); where --json is among the words, what was thrown is an object on the output too.
int run_json_tool(const char* name, const std::vector<std::string>& words, const std::function<int()>& tool);

}
