// Fuzz target: our witness cosigns nothing that the log has not signed, and notes nothing of it.
#include "audit/witness_book.h"

#include "os/file.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>

namespace {

std::string new_folder()
{
    std::string folder = (std::filesystem::temp_directory_path() / "forge-fuzz.XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        std::abort();
    return folder;
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::string folder = new_folder();
    static forge::WitnessBook book{
        forge::Policy::parse("log " + forge::NoteSigner{"example.com/log", forge::SigningKey::generate()}.verifier_key().text()
                             + "\nquorum none\n"),
        forge::Cosigner{"witness.example/w", forge::SigningKey::generate()}, folder};
    const auto answer = book.add_checkpoint({reinterpret_cast<const char*>(data), size}, forge::wall_now());
    if (answer.status < 400 || !forge::names_in(folder).empty())
        std::abort();
    return 0;
}
