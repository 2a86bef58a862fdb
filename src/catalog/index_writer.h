// Puts the files of a catalog together as an index.
#pragma once

#include "catalog/file_record.h"
#include "catalog/index.h"
#include "catalog/problem.h"

#include <string>
#include <vector>

namespace forge {

/// All that an index is made of.
struct IndexContent {
    std::vector<FileRecord> files;   // in any order; their texts must live until index_bytes is done
    std::vector<Problem> problems;   // of the walk: what is no file
    bool root_exists = true;
    std::string origin;
};

/// The bytes of the index file.  Two files with one id and version are not served; both become problems.
std::string index_bytes(IndexContent content);

}
