// GET /v1/tick/stream
#include "run/ticks.h"

#include "api/handlers.h"
#include "api/stream_place.h"

namespace forge::api {

Answer ticks_head(Call& call)
{
    if (call.request.method != Method::head)
        call.held = stream_place(*call.app, call.request.address, "tick", true);
    return stream_head();
}

void ticks_start(Call call, fastcgi::Handed handed, std::string head)
{
    call.app->ticks.join(std::move(handed), head, call.request.last_event_id, std::move(call.held));
}

}
