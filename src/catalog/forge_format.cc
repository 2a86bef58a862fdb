// Our template format, as a JSON Schema.
#include "catalog/forge_format.h"

namespace forge {

namespace {

constexpr std::string_view text = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "A template of VaultMesh Forge, format 1",
  "type": "object",
  "required": ["forge", "id", "version", "title", "purpose", "owner", "reviewed", "tags", "risk", "inputs", "prompts",
               "output", "guards", "examples"],
  "properties": {
    "forge": {"const": 1},
    "id": {"type": "string", "pattern": "^[a-z0-9_.-]+$", "maxLength": 200},
    "version": {"type": "string"},
    "keyword": {"type": "string", "minLength": 1, "maxLength": 200},
    "title": {"type": "string", "minLength": 1, "maxLength": 200},
    "purpose": {"type": "string", "minLength": 1, "maxLength": 2000},
    "owner": {"type": "string", "minLength": 1, "maxLength": 200},
    "reviewed": {"type": "string", "format": "date"},
    "tags": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": true},
    "risk": {"enum": ["read-only", "advisory", "lab-only", "restricted"]},
    "inputs": {
      "type": "object",
      "required": ["type", "properties"],
      "properties": {
        "type": {"const": "object"},
        "properties": {"type": "object"},
        "additionalProperties": {"const": false}
      }
    },
    "collector": {
      "type": "object",
      "required": ["name"],
      "properties": {"name": {"type": "string"}, "args": {"type": "object"}},
      "additionalProperties": false
    },
    "prompts": {
      "type": "object",
      "required": ["user"],
      "properties": {"system": {"type": "string"}, "user": {"type": "string", "minLength": 1}},
      "additionalProperties": false
    },
    "output": {
      "type": "object",
      "properties": {"schema_ref": {"type": "string"}, "schema": {"type": ["object", "boolean"]}},
      "minProperties": 1,
      "maxProperties": 1,
      "additionalProperties": false
    },
    "guards": {
      "type": "object",
      "required": ["input", "output", "mode"],
      "properties": {
        "input": {"$ref": "#/$defs/guards"},
        "output": {"$ref": "#/$defs/guards"},
        "mode": {"enum": ["observe", "redact", "refuse"]},
        "personal": {"type": "array", "items": {"enum": ["email", "iban", "card", "phone"]}, "uniqueItems": true}
      },
      "additionalProperties": false
    },
    "model": {
      "type": "object",
      "properties": {
        "temperature": {"type": "number", "minimum": 0, "maximum": 2},
        "max_tokens": {"type": "integer", "minimum": 1, "maximum": 1000000}
      },
      "additionalProperties": false
    },
    "examples": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "required": ["args"],
        "properties": {"args": {"type": "object"}, "output": true, "note": {"type": "string"}},
        "additionalProperties": false
      }
    },
    "quality_checklist": {"type": "array", "items": {"type": "string"}}
  },
  "$defs": {
    "guards": {"type": "array", "items": {"enum": ["secrets", "personal_data", "injection"]}, "uniqueItems": true}
  }
})";

}

const Json& forge_format()
{
    static const Json format = parse_json(text);
    return format;
}

}
