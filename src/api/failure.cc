// What a failure of a handler becomes for the client.
#include "api/failure.h"

#include "base/log.h"
#include "ledger/client.h"
#include "ledger/public_log.h"
#include "os/pool.h"

namespace forge {

namespace {

constexpr std::size_t proofs_limit = 16;

// What is gone, each with the proof that it was there.
Json missing_json(const LineMissing& error)
try {
    const PublicLog folder{error.root};
    const auto tree = folder.newest();
    Json list = Json::array();
    for (const std::uint64_t seq : error.seqs) {
        Json line = Json::object({{"index", seq}});
        if (tree && seq < tree->checkpoint.size && list.size() < proofs_limit) {
            const LeafProof found = folder.leaf_proof(seq, *tree);
            line.set("leaf", hex(found.leaf)).set("proof", found.proof.text());
        }
        list.append(line);
    }
    return Json::object({{"missing", list}});
} catch (const Error& failure) {
    log(Severity::error, "no proof for a missing line: " + describe(failure));
    return Json::object({});
}

}

Answer answer_to(const Request& request, const std::exception_ptr& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (const Refusal& refusal) {
        return problem(request, refusal);
    } catch (const LedgerUnavailable& error) {
        log(Severity::error, "ledger append error: " + error.reason, {{"request_id", request.id}, {"detail", error.what()}});
        return problem(request, 500, "ledger_unavailable", error.reason).with("retry-after", "5");
    } catch (const LineMissing& error) {
        return problem(request, 410, "line_missing", error.what(), {}, missing_json(error));
    } catch (const Overloaded& error) {
        return problem(request, 503, "overloaded", error.what()).with("retry-after", "1");
    } catch (const std::exception& error) {
        log(Severity::error, "internal: " + describe(error), {{"request_id", request.id}});
        return problem(request, 500, "internal", "the server failed; its log has the reason under this request id");
    }
}

}
