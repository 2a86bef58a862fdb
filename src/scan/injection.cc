// Finds marks of instructions that a text hides for a model that reads it.
#include "scan/injection.h"

#include <algorithm>

#include "lib/regex.h"

namespace forge {

namespace {

constexpr InjectionRule rules[] = {
    {"override", R"(\b(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+|any\s+|the\s+|your\s+|of\s+|these\s+)"
                 R"(|those\s+)*)"
                 R"((?:previous|prior|above|earlier|preceding|foregoing|system|safety)\s+(?:\w+\s+){0,2})"
                 R"((?:instruction|prompt|rule|direction|guideline|message|context|command)s?\b)",
     "tells the model to drop its instructions"},
    {"new-role", R"(\byou\s+are\s+(?:now|no\s+longer)\s+(?:a|an|the|in|bound|restricted|dan\b))"
                 R"(|\bact\s+as\s+(?:if\s+you\s+(?:are|were)\s+)?)"
                 R"((?:an?\s+)?(?:unrestricted|unfiltered|jailbroken|root|admin(?:istrator)?|developer\s+mode))",
     "gives the model another role"},
    {"role-mark", R"(<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>|\[/?INST\])"
                  R"(|<</?SYS>>)"
                  R"(|(?m:^\s*(?:#{2,}\s*)?(?:system|assistant)\s*(?:prompt|message)?\s*:\s*you\s))",
     "imitates the marks between roles"},
    {"reveal", R"(\b(?:reveal|print|repeat|show|output|leak|tell\s+me|write\s+out)\s+(?:me\s+)?(?:your|the)\s+)"
               R"((?:full\s+|entire\s+|hidden\s+|initial\s+|original\s+)*(?:system\s+(?:prompt|message)"
               R"(|instructions?))"
               R"(|hidden\s+(?:prompt|instructions?)|initial\s+(?:prompt|instructions?)|developer\s+message))",
     "asks for the model's instructions"},
    {"verdict", R"(\b(?:rate|score|mark|classify|report|grade|assess)\s+(?:this|the|our|it)\b[^.\n]{0,60}\bas\s+)"
                R"((?:fully\s+)?(?:compliant|passed|passing|low[- ]risk|no\s+risk|safe|approved|secure)\b)"
                R"(|\bdo\s+not\s+(?:report|mention|flag|list|include)\s+(?:any|this|these|the)\s+(?:finding|issue)"
                R"(|problem|risk|weakness|vulnerabilit))",
     "tells the model what to find"},
    {"exfiltrate", R"(!\[[^\]\n]{0,80}\]\(https?://[^)\s]{0,200}[?&][^)\s]{0,80}=\s*(?:\{|\$|<|%7b))"
                   R"(|\b(?:send|post|upload|forward|exfiltrate)\s+(?:\w+\s+){0,6}to\s+https?://)",
     "tells the model to send data away"},
    {"invisible", "[\xe2\x80\xaa-\xe2\x80\xae\xe2\x81\xa6-\xe2\x81\xa9]"
                  "|[\xf3\xa0\x80\x80-\xf3\xa0\x81\xbf]{2,}|[\xe2\x80\x8b\xe2\x81\xa0]{4,}",
     "hides text from people: direction marks, tag characters, zero width"},
};

constexpr std::size_t longest = 2048;   // bytes that a mark in a stream may have

const std::vector<GrowingPattern>& patterns()
{
    static const std::vector<GrowingPattern> compiled = [] {
        std::vector<GrowingPattern> made;
        for (const auto& rule : rules)
            made.emplace_back(rule.pattern, RegexOptions{.case_sensitive = false});
        return made;
    }();
    return compiled;
}

std::vector<const GrowingPattern*> all_patterns()
{
    std::vector<const GrowingPattern*> all;
    for (const GrowingPattern& pattern : patterns())
        all.push_back(&pattern);
    return all;
}

}

std::span<const InjectionRule> injection_rules()
{
    return rules;
}

std::vector<InjectionFinding> find_injections(std::string_view text, std::size_t limit)
{
    std::vector<InjectionFinding> findings;
    for (std::size_t i = 0; i < patterns().size(); ++i)
        for (std::size_t from = 0; findings.size() < limit;) {
            const auto groups = patterns()[i].regex().search(text, from);
            if (!groups)
                break;
            const auto found = *(*groups)[0];
            const auto offset = static_cast<std::size_t>(found.data() - text.data());
            findings.push_back({&rules[i], offset, found.size()});
            from = offset + std::max<std::size_t>(found.size(), 1);
        }
    std::ranges::stable_sort(findings, {}, &InjectionFinding::offset);
    return findings;
}

InjectionFinder::InjectionFinder() : finder_(all_patterns(), 0, longest) {}

ScanProgress InjectionFinder::look(const GrowingText& text, std::vector<StreamFinding>& findings)
{
    std::vector<PatternFinder::Match> matches;
    const auto progress = finder_.look(text, matches);
    for (const auto& match : matches)
        if (match.offset >= end_of_last_) {
            findings.push_back({rules[match.pattern].name, match.offset, match.length});
            end_of_last_ = match.offset + match.length;
        }
    return progress;
}

}
