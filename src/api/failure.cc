// What a failure of a handler becomes for the client.
#include "api/failure.h"

#include "base/log.h"
#include "ledger/client.h"
#include "ledger/events.h"
#include "os/pool.h"

namespace forge {

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
        return problem(request, 410, "line_missing", error.what());
    } catch (const Overloaded& error) {
        return problem(request, 503, "overloaded", error.what()).with("retry-after", "1");
    } catch (const std::exception& error) {
        log(Severity::error, "internal: " + describe(error), {{"request_id", request.id}});
        return problem(request, 500, "internal", "the server failed; its log has the reason under this request id");
    }
}

}
