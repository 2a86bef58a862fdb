// Which hosts no proxy stands in front of.
#include "lib/proxy.h"

#include <stdlib.h>   // secure_getenv

#include <string>

namespace forge {

const char* no_proxy()
{
    static const std::string hosts = [] {
        std::string list;
        for (const char* const name : {"no_proxy", "NO_PROXY"})
            if (const char* const given = ::secure_getenv(name))
                list.append(given).append(",");
        return list + "localhost,127.0.0.1,::1";
    }();
    return hosts.c_str();
}

}
