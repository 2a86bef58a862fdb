// One guard's look at one text.
#include "guard/findings.h"

#include "base/error.h"
#include "scan/injection.h"
#include "scan/judge.h"
#include "scan/personal.h"
#include "scan/secret_finder.h"

namespace forge {

std::unique_ptr<StreamFinder> guard_finder(GuardName guard, const GuardPolicy& policy)
{
    switch (guard) {
    case GuardName::secrets:
        return std::make_unique<SecretStreamFinder>();
    case GuardName::personal_data:
        return std::make_unique<PersonalFinder>(policy.personal);
    case GuardName::injection:
        return std::make_unique<InjectionFinder>();
    }
    throw Error("no such guard");
}

std::vector<StreamFinding> findings_in(std::string_view text, StreamFinder& finder)
{
    std::vector<StreamFinding> findings;
    finder.look({.text = text}, findings);
    return findings;
}

std::vector<StreamFinding> secrets_by_name(const NamedText& text, StreamFinder& secrets)
{
    std::vector<StreamFinding> findings;
    if (!is_secret_name(text.name))
        return findings;
    const std::string before = std::string{text.name} + "=\"";
    for (StreamFinding& finding : findings_in(before + std::string{text.value} + "\"", secrets))
        if (finding.offset >= before.size() && finding.offset + finding.length <= before.size() + text.value.size()) {
            finding.offset -= before.size();
            findings.push_back(finding);
        }
    return findings;
}

std::size_t length_of(const std::vector<StreamFinding>& findings)
{
    std::size_t sum = 0;
    for (const StreamFinding& finding : findings)
        sum += finding.length;
    return sum;
}

std::string without(std::string_view text, const std::vector<StreamFinding>& findings)
{
    std::string out;
    std::size_t done = 0;
    for (const StreamFinding& finding : findings) {
        out += text.substr(done, finding.offset - done);
        out += "[redacted:" + std::string{finding.name} + "]";
        done = finding.offset + finding.length;
    }
    return out.append(text.substr(done));
}

}
