// GET /v1/openapi.json: docs/openapi.yaml as JSON.
#include "api/openapi.h"

#include "api/handlers.h"
#include "config/config.h"
#include "lib/crypto.h"
#include "lib/yaml.h"

// The file stands in the program, so that no installation can have another one.
asm(R"(
    .pushsection .rodata
    .global forge_openapi_begin, forge_openapi_end
forge_openapi_begin:
    .incbin "docs/openapi.yaml"
forge_openapi_end:
    .byte 0
    .popsection
)");
extern "C" {
extern const char forge_openapi_begin[];
extern const char forge_openapi_end[];
}

namespace forge {

namespace {

struct Document {
    std::string json;
    std::string tag;
};

const Document& document()
{
    static const Document made = [] {
        std::string json = dump(parse_yaml(openapi_yaml(), {.nodes = 100'000}).value());
        std::string tag = "\"" + hex(sha256(json)).substr(0, 24) + "\"";
        return Document{std::move(json), std::move(tag)};
    }();
    return made;
}

}

std::string_view openapi_yaml()
{
    return {forge_openapi_begin, forge_openapi_end};
}

namespace api {

Answer openapi(Call& call)
{
    const Config& config = *call.config;
    if (config.is_production() && !config.expose_openapi)
        throw Refusal(404, "not_found", "there is nothing at this address");
    Answer answer;
    answer.body = document().json;
    return with_tag(call.request, std::move(answer), document().tag);
}

}

}
