// Numbers as text.
#pragma once

#include <string>

namespace forge {

/// A finite number as ECMAScript prints it (ECMA-262, Number::toString; RFC 8785 section 3.2.2.3): the shortest digits
/// that read back as the same double.
std::string ecmascript_number(double number);

}
