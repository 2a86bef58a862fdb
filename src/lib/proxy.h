// Which hosts no proxy stands in front of.
#pragma once

namespace forge {

/// For CURLOPT_NOPROXY: what no_proxy says, and this host, which a proxy would look for on its own.  Any thread.
const char* no_proxy();

}
