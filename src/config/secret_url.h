// Where a secret may be sent.
#pragma once

#include <string_view>

namespace forge {

/// True where nobody on the way can read it: an https:// URL, or one of a loopback host.
bool keeps_secrets(std::string_view url);

}
