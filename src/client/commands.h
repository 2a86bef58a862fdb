// The everyday commands of "forge": each with the table of its options.
#pragma once

#include <span>

#include "base/options.h"

namespace forge {

/// Exit code of a run that ended, but not well: its answer is printed.  A refusal is 1, no server 69 (EX_UNAVAILABLE).
constexpr int exit_not_ok = 2;
constexpr int exit_unreachable = 69;

extern const std::span<const Option> run_options;
int run_template(const Arguments& arguments);

extern const std::span<const Option> templates_options;
int list_templates(const Arguments& arguments);

extern const std::span<const Option> ledger_tail_options;
int tail_ledger(const Arguments& arguments);

extern const std::span<const Option> usage_options;
int show_usage(const Arguments& arguments);

extern const std::span<const Option> status_options;
int show_status(const Arguments& arguments);

extern const std::span<const Option> login_options;
int login(const Arguments& arguments);

extern const std::span<const Option> token_options;
int client_token(const Arguments& arguments);

extern const std::span<const Option> smoke_options;
int smoke_test(const Arguments& arguments);

extern const std::span<const Option> settings_options;
int show_settings(const Arguments& arguments);

}
