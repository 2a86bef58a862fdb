// Replays files through a fuzz target without a fuzzer: how its corpus is tested in every build.
// The target is put before this file (g++ -include tests/fuzz/NAME.cc).
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        std::ifstream file{argv[i], std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
        std::cout << argv[i] << ": " << text.size() << " bytes\n";
    }
}
