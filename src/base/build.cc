// What this program was built from; the Makefile compiles this file anew when the commit changes.
#include "base/build.h"

namespace forge {

std::string_view build_commit()
{
    return FORGE_COMMIT;
}

}
