// A small witness for the ledgers of other hosts, over FastCGI behind nginx.
#pragma once

#include "audit/witness_book.h"

#include <string>

namespace forge {

struct WitnessServing {
    std::string name;      // of the witness, as its key has it
    std::string policy;    // file: its log lines name the logs
    std::string key;       // file: Ed25519 as PEM, made when it is missing
    std::string folder;    // what was cosigned
    std::string socket;    // empty: descriptor 0
};

/// Says the key on the output, answers until SIGTERM or SIGINT; gives the exit code.  Throws Error for a second witness in
/// the folder, or what cannot be read.
int serve_witness(const WitnessServing& serving);

}
