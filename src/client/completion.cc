// Completion for shells.
#include "client/completion.h"

#include "base/text.h"

namespace forge {

std::string bash_completion(std::span<const Command> commands, std::span<const std::string> programs)
{
    std::string names;
    std::string cases;
    for (const Command& command : commands) {
        names += (names.empty() ? "" : " ") + std::string{command.name};
        std::string options;
        for (const Option& option : command.options)
            options += std::string{option.name} + " ";
        cases += "    \"forge " + std::string{command.name} + " \"*) words=\"" + options + "--help\" ;;\n";
    }
    for (const auto& program : programs) {
        names += " " + program;
        cases += "    \"forge " + program + " \"*|\"forge " + replace_all(program, "-", " ") + " \"*) words=\"$(forge " + program +
                 " --help 2>/dev/null | grep -o '^  --[a-z-]*')\" ;;\n";
    }
    return "# bash completion for forge; made by: forge completion bash\n"
           "_forge()\n{\n"
           "    local words=\"" + names + " --help --version\" line=\"forge ${COMP_WORDS[*]:1}\"\n"
           "    case $line in\n" + cases + "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
           "}\n"
           "complete -o default -F _forge forge\n";
}

}
