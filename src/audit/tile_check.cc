// The tiles, compared with the lines they were made of.
#include "audit/tile_check.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

#include <algorithm>
#include <cerrno>

namespace forge {

namespace {

std::uint64_t leaves_of_node(unsigned level)
{
    return std::uint64_t{1} << (tile_height * level);
}

}

TileCheck::TileCheck(const std::string& root, Flaws& findings, std::function<std::uint64_t()> published)
    : root_(root), findings_(findings), published_(std::move(published)), folder_(root + "/tile"),
      cutter_([this](const Tile& tile, const Hashes& hashes) {
          const std::uint64_t end = leaves_below(tile);
          if (end > covered_) {
              covered_ = std::max(covered_, published_());
              compare_deferred(covered_);
          }
          if (end <= covered_)
              compare(tile, hashes);
          else
              deferred_.push_back({tile, hashes, end});
      })
{
}

void TileCheck::compare_deferred(std::uint64_t size)
{
    std::erase_if(deferred_, [&](const Full& full) {
        if (full.end <= size)
            compare(full.tile, full.hashes);
        return full.end <= size;
    });
}

void TileCheck::finish(std::uint64_t size)
{
    if (cutter_.size() < size)
        return;
    compare_deferred(size);
    for (const Tile& tile : partial_tiles(size)) {
        const auto full = std::find_if(deferred_.begin(), deferred_.end(), [&](const Full& deferred) {
            return deferred.tile.level == tile.level && deferred.tile.index == tile.index;
        });
        Hashes hashes = full != deferred_.end() ? full->hashes : cutter_.edge(tile.level);
        hashes.resize(tile.width);
        compare(tile, hashes);
    }
}

void TileCheck::compare(const Tile& tile, const Hashes& hashes)
{
    ++count_;
    const auto there = folder_.read(tile);
    if (!there)
        findings_.add(FlawKind::contradiction, TileFolder::file_of(tile), 0,
                      "missing, or not of the length that its name says");
    else if (*there != hashes)
        found(tile, *there, hashes);
    compare_narrower(tile, hashes);
}

// Narrower ones of before stay for a while, for those who have an older checkpoint.
void TileCheck::compare_narrower(const Tile& tile, const Hashes& hashes)
{
    Tile full = tile;
    full.width = tile_width;
    const std::string path = root_ + "/" + TileFolder::file_of(full) + ".p";
    for (const std::string& name : names_if_any(path)) {
        const auto width = parse_unsigned(name);
        if (name.starts_with(".tmp-") || (width && *width > tile.width && *width < tile_width))
            continue;   // being written, or of a newer tree
        const std::string file = path.substr(root_.size() + 1) + "/" + name;
        if (!width || *width == 0 || *width >= tile_width || std::to_string(*width) != name) {
            findings_.add(FlawKind::contradiction, file, 0, "not the name of a tile");
            continue;
        }
        try {
            const std::string bytes = read_regular(root_ + "/" + file, tile_width * sizeof(Hash));
            if (bytes != tile_bytes(std::span{hashes}.first(*width)))
                findings_.add(FlawKind::contradiction, file, 0, "not the hashes of the lines");
        } catch (const SystemError& error) {
            if (error.code != ENOENT)   // a full tile has taken its place
                throw;
        } catch (const Error&) {
            findings_.add(FlawKind::contradiction, file, 0, "no file as long as a tile at most");
        }
    }
}

void TileCheck::found(const Tile& tile, const Hashes& there, const Hashes& hashes)
{
    const auto differs = std::mismatch(hashes.begin(), hashes.end(), there.begin()).first - hashes.begin();
    const std::uint64_t node = tile.index * tile_width + static_cast<std::uint64_t>(differs);
    const std::uint64_t first = node * leaves_of_node(tile.level);
    findings_.add(FlawKind::contradiction, TileFolder::file_of(tile), 0,
                  "another hash than the lines for seq " + std::to_string(first)
                      + (tile.level > 0 ? " to " + std::to_string(first + leaves_of_node(tile.level) - 1) : ""));
}

}
