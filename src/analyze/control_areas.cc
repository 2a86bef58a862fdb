// The table of topics that evidence must show, by framework.
#include "analyze/control_areas.h"

#include <algorithm>

namespace forge {

namespace {

constexpr ControlArea areas[] = {
    {"dora_third_party", "TPR-01", "Independent assurance", "DORA Art. 28(5); ISO 27001 A.5.19", 2,
     R"(iso[ /]*(?:iec[ /]*)?27001|soc ?2|isae ?3402|ssae ?18|statement of applicability|certificat(?:e|ion) (?:of)"
     R"(|body)|attestation of compliance)",
     "Ask for the current ISO 27001 certificate with its statement of applicability, or a SOC 2 Type II report."},
    {"dora_third_party", "TPR-02", "Services and service levels", "DORA Art. 30(2)(a), 30(2)(e)", 2,
     R"(service[- ]levels?|\bsla\b|availability (?:target|of)|uptime|99\.\d)",
     "Ask for the service description with measurable service levels."},
    {"dora_third_party", "TPR-03", "Where data is kept and processed", "DORA Art. 30(2)(b)", 2,
     R"(data (?:location|residency|centre|center)|hosted in|hosting region|eu[- ]only|processing location)"
     R"(|region(?:s)?:|eu-(?:west|central|north))",
     "Ask for the countries and sites where data is kept and processed, and for notice before they change."},
    {"dora_third_party", "TPR-04", "Encryption and key management", "DORA Art. 30(2)(c); ISO 27001 A.8.24", 3,
     R"(encrypt|\baes\b|aes-?(?:128|192|256)|tls ?1\.[23]|key (?:management|rotation|custod)|\bkms\b|\bhsm\b)"
     R"(|cryptograph)", "Ask for the encryption policy: at rest, in transit, and who holds the keys."},
    {"dora_third_party", "TPR-05", "Access control", "DORA Art. 30(2)(c); ISO 27001 A.5.15 to A.5.18", 3,
     R"(access (?:control|right|review|request)|multi-?factor|\bmfa\b|least privilege|user (?:registration)"
     R"(|de-?registration|provisioning)|role-based|\brbac\b|privileged (?:access|user|account)|joiner|leaver)",
     "Ask how access is granted, reviewed and withdrawn, and for the last review's record."},
    {"dora_third_party", "TPR-06", "Incident notice and assistance", "DORA Art. 30(2)(f); Art. 19", 3,
     R"(incident (?:response|report|notif|management|handling)|breach notif|notif\w* (?:us|the customer|customers)"
     R"(|clients?) (?:within|without)|within \d+ hours)",
     "Ask for the incident procedure with the time within which you are told."},
    {"dora_third_party", "TPR-07", "Right to audit and inspect", "DORA Art. 30(3)(e)", 2,
     R"(right to audit|audit rights?|(?:rights? of|right to|unrestricted) (?:access|inspection))"
     R"(|on-?site (?:inspection|audit)|inspect(?:ion)? (?:by|rights?))",
     "Ask for a contract clause on access, inspection and audit for you and your supervisor."},
    {"dora_third_party", "TPR-08", "Continuity, recovery and their tests", "DORA Art. 30(3)(c); Art. 11", 3,
     R"(business continuity|disaster recovery|\bbcp\b|\bdrp?\b (?:plan|test)|\brto\b|\brpo\b|recovery (?:time|point))"
     R"(|backups?\b|restor(?:e|ation) test)",
     "Ask for the continuity plan and the record of its last test, with recovery times reached."},
    {"dora_third_party", "TPR-09", "Exit and return of data", "DORA Art. 28(8), 30(3)(f)", 3,
     R"(exit (?:plan|strateg|clause|assistance)|transition (?:period|plan|assistance))"
     R"(|return (?:or deletion )?of (?:all )?data|data (?:return|portability)|terminat(?:ion|e) (?:of|right|clause)"
     R"(|for))", "Ask for an exit plan: notice, transition, format of returned data, proof of deletion."},
    {"dora_third_party", "TPR-10", "Subcontractors", "DORA Art. 29(2), 30(2)(a)", 2,
     R"(sub-?contract|sub-?processor|fourth[- ]part|supply chain (?:risk|polic)|third[- ]party suppliers?)",
     "Ask for the list of subcontractors that the service depends on, and notice before it changes."},
    {"dora_third_party", "TPR-11", "Security tests", "DORA Art. 30(3)(d); Art. 26", 2,
     R"(penetration test|pen-?test|\btlpt\b|red team|vulnerability (?:scan|management|assessment|disclosure))"
     R"(|bug bounty)", "Ask for the summary of the last penetration test and the state of its findings."},
    {"dora_third_party", "TPR-12", "Protection of personal data", "DORA Art. 30(2)(c); GDPR Art. 28", 2,
     R"(\bgdpr\b|data processing agreement|\bdpa\b|personal data|data protection|privacy (?:policy|notice|impact))",
     "Ask for the data processing agreement."},
    {"dora_third_party", "TPR-13", "Awareness and training", "DORA Art. 30(2)(i); ISO 27001 A.6.3", 1,
     R"(security (?:awareness|training)|awareness (?:training|programme|program)|training (?:record|programme)"
     R"(|program)|phishing (?:test|simulation))", "Ask for the training plan and its completion figures."},

    {"dora_ict", "ICT-01", "Governance and responsibility", "DORA Art. 5", 3,
     R"(management body|board (?:of directors|approv|report)|governance|roles and responsibilit|three lines|\bciso\b)"
     R"(|accountable)", "Show who in the management body answers for ICT risk, and its last decision on it."},
    {"dora_ict", "ICT-02", "Framework for managing ICT risk", "DORA Art. 6", 3,
     R"(risk management framework|ict risk|risk (?:register|appetite|tolerance|assessment|treatment|owner))",
     "Show the framework's document, its yearly review and the risk register."},
    {"dora_ict", "ICT-03", "Inventory of functions, assets and dependencies", "DORA Art. 8", 3,
     R"(asset (?:inventory|register|management)|inventory of|\bcmdb\b|critical or important function)"
     R"(|dependency (?:map|graph)|configuration item|data flow diagram)",
     "Show the inventory with owners and with what each critical function depends on."},
    {"dora_ict", "ICT-04", "Access and identity", "DORA Art. 9(4)(c), (d)", 3,
     R"(access (?:control|right|review|management)|multi-?factor|\bmfa\b|least privilege|privileged (?:access|user)"
     R"(|account)|role-based|\brbac\b|authenticat)", "Show how access is granted and the record of the last review."},
    {"dora_ict", "ICT-05", "Encryption and key management", "DORA Art. 9(3), 9(4)(d)", 2,
     R"(encrypt|aes-?(?:128|192|256)|tls ?1\.[23]|key (?:management|rotation)|\bkms\b|\bhsm\b|cryptograph)",
     "Show what is encrypted at rest and in transit, and how keys are kept."},
    {"dora_ict", "ICT-06", "Change management", "DORA Art. 9(4)(e)", 2,
     R"(change (?:management|control|request|advisory|approval)|\bcab\b|release (?:process|management|approval))"
     R"(|segregation of duties|four[- ]eyes|code review)",
     "Show how changes are recorded, tested, approved and rolled back."},
    {"dora_ict", "ICT-07", "Patches and vulnerabilities", "DORA Art. 9(4)(f); Art. 25", 3,
     R"(patch(?:es|ing| management)|vulnerabilit|\bcve-?\b|security updates?|end[- ]of[- ]life)",
     "Show the patch policy with times by severity, and the list of what is open."},
    {"dora_ict", "ICT-08", "Network security and separation", "DORA Art. 9(4)(b)", 2,
     R"(network (?:segment|separation|security|diagram|zone)|firewall|segmentation|\bdmz\b|zero trust|micro-?segment)",
     "Show the network's zones and the rules between them."},
    {"dora_ict", "ICT-09", "Detection and logging", "DORA Art. 10", 3,
     R"(\bsiem\b|\bsoc\b (?:team|analyst|monitor)|monitoring|anomal|intrusion (?:detection|prevention)|alert(?:s)"
     R"(|ing)|log (?:retention|management|review)|audit (?:log|trail))",
     "Show what is logged, who looks at alerts, and within what time."},
    {"dora_ict", "ICT-10", "Response and recovery", "DORA Art. 11", 3,
     R"(incident response|business continuity|disaster recovery|\bbcp\b|recovery plan|\brto\b|\brpo\b|crisis)",
     "Show the plans and the record of their last yearly test."},
    {"dora_ict", "ICT-11", "Backup and restoration", "DORA Art. 12", 3,
     R"(backups?\b|restor(?:e|ation)|offline cop|immutable cop|retention period)",
     "Show the backup policy and a restoration test on a separate system."},
    {"dora_ict", "ICT-12", "Learning and awareness", "DORA Art. 13", 1,
     R"(post-?(?:incident|mortem)|lessons learned|root cause|security (?:awareness|training)|awareness (?:training)"
     R"(|programme|program))", "Show the last review after an incident, and the training record."},
    {"dora_ict", "ICT-13", "Communication in a crisis", "DORA Art. 14", 1,
     R"(crisis communication|communication (?:plan|polic|strateg)|spokesperson|stakeholder (?:notif|communication))"
     R"(|status page)", "Show the communication plan and who speaks."},
    {"dora_ict", "ICT-14", "Classification and reporting of incidents", "DORA Art. 17 to 19", 3,
     R"(incident classif|classif\w* (?:of )?incidents?|major (?:ict[- ]related )?incident|competent authorit)"
     R"(|initial (?:notification|report)|72 hours|severity (?:level|matrix))",
     "Show the classification criteria and the procedure for reporting major incidents."},
    {"dora_ict", "ICT-15", "Resilience tests", "DORA Art. 24 to 26", 2,
     R"(resilience test|penetration test|pen-?test|\btlpt\b|scenario[- ]based|red team|failover test|chaos)"
     R"(|vulnerability (?:scan|assessment))", "Show the yearly test programme and the state of its findings."},
    {"dora_ict", "ICT-16", "Register of ICT third parties", "DORA Art. 28(3)", 2,
     R"(register of information|third[- ]party (?:register|risk|provider)|outsourcing register|vendor (?:register)"
     R"(|risk|assessment|management)|supplier (?:register|risk|assessment))",
     "Show the register of information with the contracts this system depends on."},
};

}

std::span<const ControlArea> control_areas(std::string_view framework)
{
    const auto begin = std::ranges::find(areas, framework, &ControlArea::framework);
    const auto end =
        std::find_if(begin, std::end(areas), [&](const auto& area) { return area.framework != framework; });
    return {begin, end};
}

}
