// POST /v1/api/evidence: a folder packed as tar or zip, or one file, kept for a day.
#include "analyze/evidence_store.h"

#include "api/admission.h"
#include "api/handlers.h"
#include "base/text.h"
#include "config/config.h"
#include "os/file.h"
#include "run/prepare.h"

#include <fcntl.h>

#include <array>

namespace forge::api {

namespace {

int status_of(EvidenceRefused::Reason reason)
{
    switch (reason) {
    case EvidenceRefused::Reason::too_large: return 413;
    case EvidenceRefused::Reason::store_full: return 503;
    case EvidenceRefused::Reason::broken:
    case EvidenceRefused::Reason::empty: break;
    }
    return 400;
}

const char* code_of(EvidenceRefused::Reason reason)
{
    switch (reason) {
    case EvidenceRefused::Reason::too_large: return "evidence_too_large";
    case EvidenceRefused::Reason::store_full: return "evidence_store_full";
    case EvidenceRefused::Reason::empty: return "evidence_empty";
    case EvidenceRefused::Reason::broken: break;
    }
    return "evidence_broken";
}

/// The body in a file that has no name.
Fd received(fastcgi::Exchange& exchange, const std::string& folder)
{
    Fd file = open_file(folder, O_TMPFILE | O_RDWR, 0600);
    std::array<char, 65536> block;
    std::size_t total = 0;
    while (const std::size_t count = exchange.read(block.data(), block.size())) {
        total += count;
        if (total > upload_limit)
            throw Refusal(413, "evidence_too_large", "the upload is larger than 64 MiB");
        write_all(file.get(), {block.data(), count}, folder);
    }
    if (::lseek(file.get(), 0, SEEK_SET) != 0)
        throw errno_error("seek in " + folder);
    return file;
}

}

Answer upload_evidence(Call& call, fastcgi::Exchange& exchange)
try {
    if (lower(trim(call.request.content_type)).starts_with("multipart/"))
        throw Refusal(415, "unsupported_media_type",
                      "a form is not taken: send the tar, the zip or the file itself as the body (curl --data-binary @FILE)");
    make_folders(call.config->evidence_root, 0700);
    const Fd file = received(exchange, call.config->evidence_root);
    const std::string name = call.request.query_value("name").value_or("");
    const StoredEvidence stored = call.app->evidence.store(file.get(), name, owner_of(call.caller));
    return json_answer(Json::object({{"evidence", stored.handle},
                                     {"digest", stored.digest},
                                     {"files", stored.files},
                                     {"expires", rfc3339(stored.expires)},
                                     {"skipped", stored.skips.json()}}));
} catch (const EvidenceRefused& error) {
    throw Refusal(status_of(error.reason), code_of(error.reason), error.what());
}

}
