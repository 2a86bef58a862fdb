// Settings as people read them: the list of what holds now, and the manual.
#include <ostream>

#include "base/text.h"
#include "config/config.h"

namespace forge {

namespace {

constexpr std::size_t line_width = 100;

void write_comment(std::ostream& out, std::string_view text)
{
    while (!text.empty()) {
        auto end = text.size() <= line_width ? text.size() : text.rfind(' ', line_width);
        if (end == text.npos)
            end = text.size();
        out << "# " << text.substr(0, end) << '\n';
        text = trim(text.substr(end));
    }
}

}

void Settings::print(std::ostream& out) const
{
    for (const Setting& setting : settings_)
        out << setting.name << '=' << setting.value << "   # " << setting.from << '\n';
}

void Settings::manual(std::ostream& out) const
{
    for (const Setting& setting : settings_) {
        write_comment(out, setting.meaning);
        const char* const end = setting.use.reloads ? ".  \"forge reload\" is enough." : ".";
        write_comment(out, "Allowed: " + setting.allowed + end);
        if (setting.secret)
            out << '#' << setting.name << "_FILE=\n\n";
        else
            out << '#' << setting.name << '=' << setting.standard << "\n\n";
    }
}

std::vector<std::string> needing_restart(const Settings& running, const Settings& fresh, unsigned reader)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < running.settings().size(); ++i) {
        const Setting& setting = running.settings()[i];
        const bool concerns = (setting.use.programs & (reader | command)) != 0;
        if (concerns && !setting.use.reloads && i < fresh.settings().size() && fresh.settings()[i].value != setting.value)
            names.push_back(setting.name);
    }
    return names;
}

}
