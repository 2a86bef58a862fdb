// Fuzz target: any text as a Dockerfile and as a compose file is audited, and each finding names a line of it.
#include "analyze/collect.h"
#include "analyze/dockerfile.h"
#include "scan/lines.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto lines = forge::LineIndex{text}.count();
    forge::Findings findings{1000};
    forge::audit_dockerfile("Dockerfile", text, findings);
    forge::audit_compose("compose.yml", text, findings);
    for (const auto& finding : findings.list())
        if (finding.line < 1 || finding.line > lines + 1)
            std::abort();
    static_cast<void>(forge::dump(findings.json()));
    return 0;
}
