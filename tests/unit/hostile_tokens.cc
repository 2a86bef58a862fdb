// Tokens that must not be accepted: what is wrong with their form, algorithm, header, key, signature and claims.
#include "tests/unit/hostile_tokens.h"

#include "lib/crypto.h"
#include "tests/unit/auth_fixture.h"

namespace forge::test {

namespace {

using List = std::vector<HostileToken>;

const std::string es_header = R"({"alg":"ES256","kid":"es"})";

const TokenMaker& small_rsa()
{
    static const TokenMaker key{Signature::rs256, 1024};
    return key;
}

const TokenMaker& attacker()
{
    static const TokenMaker key{Signature::es256};
    return key;
}

std::string good_claims() { return dump(claims()); }

/// Signed well by the issuer, with texts of our choice.
std::string es(std::string_view header, std::string_view payload) { return maker(Signature::es256).sign_text(header, payload); }
std::string with_header(std::string_view header) { return es(header, good_claims()); }
std::string with_member(const std::string& member) { return with_header(R"({"alg":"ES256","kid":"es",)" + member + "}"); }
std::string with_claims(std::string_view payload) { return es(es_header, payload); }
/// One claim instead of the good one; of JSON null, the claim is null.
std::string with_claim(const char* name, const Json& value)
{
    return with_claims(dump(claims(Json::object({{name, value}}))));
}
std::string without(const char* name) { return with_claims(dump(claims().deep_copy().remove(name))); }

std::string input_of(Signature signature, const char* kid)
{
    return base64url(dump(Json::object({{"alg", name_of(signature)}, {"kid", kid}}))) + "." + base64url(good_claims());
}

/// A token of the kind whose signature is made of what the issuer would sign with.
template <class Change>
std::string with_signature(Signature signature, const char* kid, Change change)
{
    const std::string input = input_of(signature, kid);
    return input + "." + base64url(change(maker(signature), input));
}

std::string with_bytes(Signature signature, const char* kid, const std::string& bytes)
{
    return with_signature(signature, kid, [&](const TokenMaker&, const std::string&) { return bytes; });
}

std::string decoded(std::string_view digits) { return from_hex(digits).value_or(""); }

/// S + L, which is the same number to whoever does not compare (RFC 8032 section 5.1.7).
std::string beyond_order(std::string signature)
{
    const std::string order = decoded("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    int carry = 0;
    for (std::size_t i = 0; i < order.size() && 32 + i < signature.size(); ++i) {
        const int sum = static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned char>(order[i]) + carry;
        signature[32 + i] = static_cast<char>(sum & 0xff);
        carry = sum >> 8;
    }
    return signature;
}

long now_seconds() { return static_cast<long>(unix_millis(moment.wall) / 1000); }

void add_forms(List& list)
{
    const std::string good = with_header(es_header);
    const auto first = good.find('.');
    const auto last = good.rfind('.');
    const std::string claims_part = good.substr(first + 1, last - first - 1);
    const auto replaced = [&](const std::string& header, const std::string& payload, const std::string& signature) {
        return (header.empty() ? good.substr(0, first) : header) + "." + (payload.empty() ? claims_part : payload) + "."
               + (signature.empty() ? good.substr(last + 1) : signature);
    };
    const List more = {
        {"one word", "abc", Reason::not_three_parts},
        {"cut off in the header", good.substr(0, first - 4), Reason::not_three_parts},
        {"cut off in the claims", good.substr(0, last - 4), Reason::not_three_parts},
        {"cut off after the claims", good.substr(0, last), Reason::not_three_parts},
        {"cut off before the signature", good.substr(0, last + 1), Reason::no_signature},
        {"cut off in the signature", good.substr(0, good.size() - 2), Reason::bad_signature},
        {"cut off in a byte of the signature", good.substr(0, good.size() - 1), Reason::signature_encoding},
        {"header without its begin", good.substr(4), Reason::header_form},
        {"claims without their end", replaced("", claims_part.substr(0, claims_part.size() / 8 * 4), ""), Reason::claims_form},
        {"four parts", good + ".x", Reason::not_three_parts},
        {"five parts: JWE", replaced("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ", "", "") + ".aXY.dGFn", Reason::encrypted},
        {"dots only", "..", Reason::header_form},
        {"a thousand parts", std::string(1000, '.'), Reason::not_three_parts},
        {"16 KiB and one byte", good + std::string(16385 - good.size(), 'A'), Reason::too_long},
        {"huge claims", with_claim("x", std::string(16 * 1024, 'x')), Reason::too_long},
        {"padding of the header", replaced(good.substr(0, first) + "=", "", ""), Reason::header_encoding},
        {"padding of the claims", replaced("", claims_part + "=", ""), Reason::claims_encoding},
        {"padding of the signature", good + "==", Reason::signature_encoding},
        {"blank in the claims", replaced("", " " + claims_part, ""), Reason::claims_encoding},
        {"line break in the signature", replaced("", "", "\n" + good.substr(last + 1)), Reason::signature_encoding},
        {"the other alphabet", replaced("", "", "//++" + good.substr(last + 5)), Reason::signature_encoding},
        {"unused bits that are set", good.substr(0, good.size() - 1) + static_cast<char>(good.back() + 1), Reason::signature_encoding},
        {"percent signs", replaced("%65yJ", "", ""), Reason::header_encoding},
        {"a NUL in the header part", replaced(good.substr(0, first) + '\0', "", ""), Reason::header_encoding},
        {"header is a list", with_header("[]"), Reason::header_form},
        {"header is a text", with_header("\"ES256\""), Reason::header_form},
        {"header is null", with_header("null"), Reason::header_form},
        {"header is not UTF-8", with_header("{\"alg\":\"ES256\",\"kid\":\"\xff\"}"), Reason::header_form},
        {"header with a byte order mark", with_header("\xef\xbb\xbf" + es_header), Reason::header_form},
        {"header and something more", with_header(es_header + "{}"), Reason::header_form},
        {"header 200 deep", with_member(R"("x":)" + std::string(200, '[') + std::string(200, ']')), Reason::header_form},
        {"kid with U+0000", with_header(R"({"alg":"ES256","kid":"es\u0000"})"), Reason::header_form},
        {"alg twice", with_header(R"({"alg":"none","alg":"ES256","kid":"es"})"), Reason::header_repeats},
        {"alg twice, once escaped", with_header(R"({"\u0061lg":"none","alg":"ES256","kid":"es"})"), Reason::header_repeats},
        {"claims are a list", with_claims("[" + good_claims() + "]"), Reason::claims_form},
        {"claims are a text", with_claims("\"ada\""), Reason::claims_form},
        {"claims are empty", with_claims(""), Reason::claims_form},
        {"claims are a token", with_claims(good), Reason::claims_form},
        {"claims are not UTF-8", with_claims("{\"sub\":\"\xc0\xae\"}"), Reason::claims_form},
        {"claims 200 deep", with_claims(R"({"x":)" + std::string(200, '[') + std::string(200, ']') + "}"), Reason::claims_form},
        {"a number beyond all", with_claims(R"({"exp":1e999})"), Reason::claims_form},
        {"sub twice", with_claims(R"({"sub":"ada",)" + good_claims().substr(1)), Reason::claims_repeat},
        {"a member twice, inside", with_claims(R"({"x":{"y":1,"y":2},)" + good_claims().substr(1)), Reason::claims_repeat},
    };
    list.insert(list.end(), more.begin(), more.end());
}

void add_algorithms(List& list)
{
    for (const char* const none : {"none", "None", "NONE", "nOnE"}) {
        const std::string header = R"({"alg":")"s + none + R"("})";
        list.push_back({"alg "s + none + " unsigned", base64url(header) + "." + base64url(good_claims()) + ".", Reason::algorithm});
        list.push_back({"alg "s + none + " signed", with_header(header), Reason::algorithm});
    }
    const std::string public_key = dump(maker(Signature::rs256).jwk("rs"));
    for (const auto& secret : {public_key, std::string{maker(Signature::rs256).jwk("rs")["n"].as_text()}, ""s}) {
        const std::string input = base64url(R"({"alg":"HS256","kid":"rs"})") + "." + base64url(good_claims());
        list.push_back({"HMAC with the public key", input + "." + base64url(text_of(hmac_sha256(secret, input))), Reason::algorithm});
    }
    for (const char* const name : {"HS384", "HS512", "RS384", "RS512", "PS384", "ES384", "ES512", "ES256K", "Ed448", "es256", "ES256 ",
                                   "", "dir", "RSA-OAEP"})
        list.push_back({"alg \""s + name + "\"", with_header(R"({"alg":")"s + name + R"(","kid":"es"})"), Reason::algorithm});
    for (const char* const value : {"null", "7", "true", R"(["ES256"])", R"({"ES256":1})"})
        list.push_back({"alg is "s + value, with_header(R"({"alg":)"s + value + R"(,"kid":"es"})"), Reason::algorithm});
    list.push_back({"no alg", with_header(R"({"kid":"es"})"), Reason::algorithm});
    for (const char* const kid : {"rs", "ps", "ed"})
        list.push_back({"ES256 by the key "s + kid, with_header(R"({"alg":"ES256","kid":")"s + kid + R"("})"), Reason::key_algorithm});
    list.push_back({"PS256 by a key for RS256", maker(Signature::ps256).sign(claims(), "rs"), Reason::key_algorithm});
    list.push_back({"RS256 by a key for PS256", maker(Signature::rs256).sign(claims(), "ps"), Reason::key_algorithm});
}

void add_headers(List& list)
{
    const std::string own_key = dump(attacker().jwk("es").remove("kid"));
    const List more = {
        {"crit", with_member(R"("crit":["exp"],"exp":1)"), Reason::crit},
        {"crit of nothing", with_member(R"("crit":[])"), Reason::crit},
        {"crit is null", with_member(R"("crit":null)"), Reason::crit},
        {"jku", with_member(R"("jku":"https://evil.example/keys")"), Reason::jku},
        {"jku of the issuer", with_member(R"("jku":"https://id.example/keys")"), Reason::jku},
        {"x5u", with_member(R"("x5u":"https://evil.example/cert.pem")"), Reason::x5u},
        {"jwk", attacker().sign_text(R"({"alg":"ES256","jwk":)" + own_key + "}", good_claims()), Reason::jwk},
        {"b64 is false", with_member(R"("b64":false)"), Reason::b64},
        {"b64 is false, and critical", with_member(R"("b64":false,"crit":["b64"])"), Reason::crit},
        {"typ is a number", with_member(R"("typ":7)"), Reason::typ},
        {"x5c of the attacker", attacker().sign_text(R"({"alg":"ES256","kid":"es","x5c":["MIIB"]})", good_claims()), Reason::bad_signature},
        {"no kid, the attacker's key", attacker().sign_text(R"({"alg":"ES256"})", good_claims()), Reason::bad_signature},
    };
    list.insert(list.end(), more.begin(), more.end());
    for (const char* const kid : {"null", "7", "true", "[]", R"(["es"])", R"({"kid":"es"})"})
        list.push_back({"kid is "s + kid, with_header(R"({"alg":"ES256","kid":)"s + kid + "}"), Reason::kid});
    const std::string kids[] = {"../../../dev/null", "/dev/null", "file:///etc/passwd", "x' UNION SELECT 'secret", "es'--", "ES", "es ",
                                " es", "es\n", "e", "constructor", "__proto__", "es;id", "$(id)", "\xd0\xb5s", std::string(8000, 'k')};
    for (const std::string& kid : kids)
        list.push_back({"kid \"" + kid.substr(0, 40) + "\"", maker(Signature::es256).sign(claims(), kid), Reason::unknown_key});
    for (const char* const kid : {"enc", "private"})
        list.push_back({"the key "s + kid, maker(Signature::es256).sign(claims(), kid), Reason::unknown_key});
    list.push_back({"a key of 1024 bits", small_rsa().sign(claims(), "small"), Reason::unknown_key});
}

void add_signatures(List& list)
{
    const auto add = [&](const std::string& what, std::string token) { list.push_back({what, std::move(token), Reason::bad_signature}); };
    const std::string order = decoded("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");   // of P-256
    const std::string zero(32, '\0');
    const std::string one = zero.substr(1) + '\1';
    const auto changed = [](Signature signature, const char* kid, auto change) {
        return with_signature(signature, kid, [&](const auto& key, const auto& input) { return change(key.signature_of(input)); });
    };
    const auto es_with = [&](auto change) { return changed(Signature::es256, "es", change); };
    const auto der = [](const TokenMaker& key, const std::string& input) { return key.as_openssl_signs(input); };
    add("DER", with_signature(Signature::es256, "es", der));
    add("one byte less", es_with([](const std::string& raw) { return raw.substr(1); }));
    add("one byte more", es_with([](const std::string& raw) { return raw + '\0'; }));
    add("as long as of P-384", es_with([](const std::string& raw) { return raw + std::string(32, '\0'); }));
    add("r and s changed places", es_with([](const std::string& raw) { return raw.substr(32) + raw.substr(0, 32); }));
    add("r is 0", es_with([&](const std::string& raw) { return zero + raw.substr(32); }));
    add("s is 0", es_with([&](const std::string& raw) { return raw.substr(0, 32) + zero; }));
    for (const auto& [what, bytes] : {std::pair{"0, 0", zero + zero}, {"1, 1", one + one}, {"n, n", order + order}, {"n, 1", order + one},
                                      {"1, n", one + order}, {"all ones", std::string(64, '\xff')}})
        add("r and s are "s + what, with_bytes(Signature::es256, "es", bytes));
    add("the attacker's", attacker().sign(claims(), "es"));
    const std::string other = maker(Signature::es256).sign(claims(Json::object({{"sub", "eve"}})), "es");
    add("another token's", input_of(Signature::es256, "es") + other.substr(other.rfind('.')));
    for (const auto& [signature, kid] : {std::pair{Signature::rs256, "rs"}, {Signature::ps256, "ps"}}) {
        add("all zero of "s + kid, with_bytes(signature, kid, std::string(256, '\0')));
        add("the number 1 of "s + kid, with_bytes(signature, kid, std::string(255, '\0') + '\1'));
        add("all ones of "s + kid, with_bytes(signature, kid, std::string(256, '\xff')));
        add("a zero before "s + kid, changed(signature, kid, [](const std::string& bytes) { return '\0' + bytes; }));
        add("of 255 bytes, "s + kid, changed(signature, kid, [](const std::string& bytes) { return bytes.substr(1); }));
    }
    for (const int salt : {0, 1, 20, 31, 33, 222})
        add("salt of " + std::to_string(salt), with_signature(Signature::ps256, "ps", [&](const auto& key, const auto& input) {
                return key.signature_of(input, salt);
            }));
    add("S beyond the order", changed(Signature::eddsa, "ed", beyond_order));
    add("all zero of ed", with_bytes(Signature::eddsa, "ed", zero + zero));
    add("R is neutral, S is 0", with_bytes(Signature::eddsa, "ed", '\1' + std::string(63, '\0')));
    add("63 bytes of ed", changed(Signature::eddsa, "ed", [](const std::string& bytes) { return bytes.substr(1); }));
}

void add_names(List& list)
{
    for (const Json& issuer : {Json{"https://id.example"}, Json{"https://id.example//"}, Json{"https://ID.example/"}, Json{"https://id.example/ "},
                               Json{"http://id.example/"}, Json{"https://id.example/x"}, Json{""}, Json{7}, Json{nullptr},
                               Json::array({"https://id.example/"}), Json::object({{"https://id.example/", 1}})})
        list.push_back({"iss " + dump(issuer), with_claim("iss", issuer), Reason::issuer});
    list.push_back({"no iss", without("iss"), Reason::issuer});
    for (const Json& audience : {Json{"forge2"}, Json{"Forge"}, Json{"forg"}, Json{""}, Json{"forge other"}, Json{7}, Json{true}, Json{nullptr},
                                 Json::array(), Json::array({"a", "b"}), Json::array({Json::array({"forge"})}), Json::array({"forge", 7}),
                                 Json::object({{"forge", 1}})})
        list.push_back({"aud " + dump(audience), with_claim("aud", audience), Reason::audience});
    list.push_back({"no aud", without("aud"), Reason::audience});
    for (const Json& subject : {Json{""}, Json{7}, Json{nullptr}, Json::array({"ada"}), Json::object(), Json{std::string(256, 's')}})
        list.push_back({"sub " + dump(subject).substr(0, 20), with_claim("sub", subject), Reason::subject});
    list.push_back({"no sub", without("sub"), Reason::subject});
    list.push_back({"jti is a number", with_claim("jti", 7), Reason::id_form});
}

void add_times(List& list)
{
    const Json no_times[] = {Json{nullptr}, Json{"2099"}, Json{true}, Json::array({now_seconds() + 300}), Json::object(), Json{1e300},
                             Json{(now_seconds() + 300) * 1000}};
    for (const Json& value : no_times) {
        list.push_back({"exp " + dump(value), with_claim("exp", value), Reason::expiry_form});
        list.push_back({"nbf " + dump(value), with_claim("nbf", value), Reason::not_before_form});
        list.push_back({"iat " + dump(value), with_claim("iat", value), Reason::issued_form});
    }
    list.push_back({"no exp", without("exp"), Reason::no_expiry});
    for (const long ago : {0L, 1L, 61L, 3600L, 4'000'000'000L})
        list.push_back({"expired for " + std::to_string(ago), with_claim("exp", now_seconds() - ago), Reason::expired});
    for (const long ahead : {61L, 3600L, 100'000'000'000L}) {
        list.push_back({"nbf in " + std::to_string(ahead), with_claim("nbf", now_seconds() + ahead), Reason::not_yet});
        list.push_back({"iat in " + std::to_string(ahead), with_claim("iat", now_seconds() + ahead), Reason::issued_in_future});
    }
}

}

std::vector<HostileToken> hostile_tokens()
{
    List list;
    for (const auto add : {add_forms, add_algorithms, add_headers, add_signatures, add_names, add_times})
        add(list);
    return list;
}

std::string hostile_key_set()
{
    Json encrypting = maker(Signature::es256).jwk("enc").deep_copy();
    encrypting.set("use", "enc");
    Json published = maker(Signature::es256).jwk("private").deep_copy();
    published.set("d", "AAAA");
    return key_set_text({maker(Signature::rs256).jwk("rs"), maker(Signature::ps256).jwk("ps"), maker(Signature::es256).jwk("es"),
                         maker(Signature::eddsa).jwk("ed"), small_rsa().jwk("small"), encrypting, published,
                         Json::object({{"kty", "oct"}, {"kid", "oct"}, {"k", "c2VjcmV0"}})});
}

}
