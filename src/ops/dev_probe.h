// Does the system answer?  What "forge dev" asks before it says that it is ready.
#pragma once

#include <string>

namespace forge {

/// True when GET path gives 200 within a second.
bool http_answers(unsigned short port, const std::string& path);
/// True when forge-ledgerd answers `head` within a second.
bool ledger_answers(const std::string& socket_path);

}
