// Reads a Dockerfile as the builder does: continuations, comments, heredocs, stages.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct DockerInstruction {
    std::string name;       // in upper case: "RUN"
    std::string text;       // what follows, continued lines joined by blanks, comments left out
    std::string heredocs;   // the bodies of its heredocs
    std::size_t line = 0;   // where it begins, from 1

    /// The text and the heredocs, lines that the shell joins joined: what a RUN executes.
    std::string script() const;
};

struct DockerStage {
    std::string base;   // image or name of an earlier stage, variables filled in where they are known
    std::string name;                      // lower case; empty for none
    std::size_t line = 0;
    std::optional<std::size_t> parent;     // the earlier stage that `base` names
    std::vector<DockerInstruction> instructions;
};

struct Dockerfile {
    std::vector<DockerInstruction> before;   // ARG before the first FROM
    std::vector<DockerStage> stages;

    /// The last instruction of a name in the last stage, else in the stages it is built from; null for none.
    const DockerInstruction* last(std::string_view name) const;
};

/// Never throws for what the text says: a line that is no instruction is one with a strange name.
Dockerfile parse_dockerfile(std::string_view text);

/// "${NAME}", "${NAME:-other}" and "$NAME" filled in; nothing when a name has no value.
std::optional<std::string> with_variables(std::string_view text, const std::map<std::string, std::string>& values);

/// "KEY=value KEY2="a b"" and the old form "KEY value" of ENV, ARG and LABEL.
std::vector<std::pair<std::string, std::string>> docker_assignments(std::string_view text);

}
