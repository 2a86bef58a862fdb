// Where a secret may be sent.
#include "config/secret_url.h"

#include "config/settings.h"

namespace forge {

bool keeps_secrets(std::string_view url)
{
    return url.starts_with("https://") || is_loopback_url(url);
}

}
