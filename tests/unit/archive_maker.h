// Makes archives for tests, hostile ones too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace forge::test {

struct MadeMember {
    enum class Kind { file, folder, symlink, hard_link, fifo, device };

    std::string path;
    std::string content{};         // of a link: its target
    Kind kind = Kind::file;
    std::uint64_t hole_bytes = 0;  // a sparse file: a hole of this size before its content
};

enum class MadeFormat { tar, tar_gzip, tar_zstd, tar_bzip2, tar_xz, zip };

/// The bytes of an archive with these members.
std::string made_archive(const std::vector<MadeMember>& members, MadeFormat format = MadeFormat::tar);

}
