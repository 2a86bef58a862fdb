// The files of a catalog's folder, as the file system lists them.
#pragma once

#include "catalog/file_record.h"
#include "catalog/problem.h"
#include "os/fd.h"

#include <string>
#include <vector>

namespace forge {

struct WalkLimits {
    std::size_t files = 100'000;
    int depth = 32;
};

struct Walk {
    struct File {
        std::string path;   // relative to the root
        FileStamp stamp;
    };

    Fd root;                           // empty: there is none, or it cannot be read
    std::vector<File> files;           // what may hold a template, by path
    std::vector<std::string> folders;  // all that were looked into, relative; "" is the root
    std::vector<Problem> problems;
};

/// Files that end in .yaml, .yml or .json, in the root and below, but not in folders named schemas or profiles, nor
/// in anything whose name starts with a dot.  Symbolic links to files are taken when they stay below the root (a file
/// that is there twice counts once), links to folders are not followed, links that leave the root are problems.
Walk walk_catalog(const std::string& root, WalkLimits limits = {});

}
