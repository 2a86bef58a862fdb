// What is known from outside of a ledger that is about to be opened: a pin, and what witnesses have cosigned.
#pragma once

#include "ledger/known_tree.h"

#include <string>
#include <vector>

namespace forge {

struct StartCheck {
    std::string root;        // of the ledger
    std::string origin;      // of one that would be made there
    std::string pin;         // file; empty: none
    std::string witnessed;   // file as WitnessState has it; one that is missing or cannot be read says nothing
};

/// For EngineOptions::known.  Throws ConfigError where the pin cannot be read; LedgerRolledBack when there is no ledger in
/// the folder though there was one, before another is made there.
std::vector<KnownTree> known_from_outside(const StartCheck& check);

/// For a tool that opens an existing ledger by itself: what the settings say of it.  In a folder that is not the settings'
/// own a pin of another origin says nothing.
std::vector<KnownTree> known_by_settings(const std::string& root);

}
