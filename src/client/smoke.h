// What "forge smoke" asks a server: whether it answers, runs, records and proves.
#pragma once

#include <functional>
#include <vector>

#include "client/server.h"
#include "lib/steps.h"

namespace forge {

/// The steps of all servers; with `signer` also those of one with the development signer, whose tokens are then used.
/// Each is told to `on_step` when it is done.  Throws ServerRefusal "unreachable" when nobody answers.
std::vector<CheckedStep> smoke(Server& server, bool signer, const std::function<void(const CheckedStep&)>& on_step);

}
