// How logs name a subject.
#include "auth/subject_hash.h"

#include "lib/crypto.h"
#include "lib/json.h"

namespace forge {

std::string subject_hash(std::string_view key, std::string_view iss, std::string_view sub)
{
    constexpr std::size_t digits = 16;
    return hex(hmac_sha256(key, dump(Json::array({iss, sub})))).substr(0, digits);
}

}
