// A template as a tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/json.h"
#include "render/handlebars.h"

namespace forge::render {

struct Position {
    int line = 1;
    int column = 1;   // in characters
};

/// a.b, ../a, @index, this.
struct Path {
    bool is_data = false;              // @…
    int up = 0;                        // how many "../"
    std::vector<std::string> names;
    std::string original;
};

enum class Function { json_stringify, equal, not_equal, both, either };

struct Expression;

struct Call {
    Function function;
    std::vector<Expression> arguments;
};

struct Expression {
    std::variant<Json, Path, Call> what;   // a literal (absent: undefined), a path, a sub-expression
    Position at;
};

/// "{{~" and "~}}" of a tag.
struct Strip {
    bool open = false;
    bool close = false;
};

struct Node;

struct Program {
    std::vector<Node> body;
    bool chained = false;              // what follows "else if": one block
};

struct Text {
    std::string value;
    std::string original;              // before any blanks were taken
    bool left_stripped = false;        // at its end, seen from the right neighbour
    bool right_stripped = false;       // at its start
};

struct Print {
    Expression expression;
    Strip strip;
};

struct Comment {
    Strip strip;
};

enum class BlockKind { if_block, unless_block, each_block, with_block };

struct Block {
    BlockKind kind;
    Expression subject;
    Program program;
    std::optional<Program> inverse;
    Strip open;
    Strip else_tag;
    Strip close;
};

struct Node {
    std::variant<Text, Print, Comment, Block> what;
};

/// Throws TemplateError.
Program parse_template(std::string_view text, bool with_internal_functions);

/// Takes away the blanks that "~" and tags alone on their line take with them.
void control_whitespace(Program& root);

/// Which variables of the context it uses.
std::vector<Reference> references_of(const Program& program);

}
