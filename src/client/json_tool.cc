// A tool that asks the ledger, with --json.
#include "client/json_tool.h"

#include <optional>

#include "audit/tool_failure.h"
#include "base/error.h"
#include "client/ledger_tool.h"

namespace forge {

int run_json_tool(const char* name, const std::vector<std::string>& words, const std::function<int()>& tool)
{
    std::optional<std::string> failure;
    const int code = run_tool(name, [&] {
        try {
            return tool();
        } catch (const std::exception& error) {
            failure = describe(error);
            throw;
        }
    });
    if (failure && wants_json(words))
        print_failure(code, *failure);
    return code;
}

}
