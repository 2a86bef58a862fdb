// Prints cases for tests/render-differential: template, context, and what npm handlebars (noEscape) makes of them.
// Usage: node render-cases.mjs SEED COUNT
import Handlebars from 'handlebars';

const [seed, count] = process.argv.slice(2).map(Number);

// mulberry32
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;

const names = ['a', 'b', 'c', 'x1', 'items', 'name', 'größe', 'odd-name', '$v', 'constructor', '__proto__', 'toString',
  'length', 'elsewhere', 'iffy', '10', '2', 'thisx', 'nullable'];
const scalars = ['', 'text', 'ümläut 😀', ' blank ', 'line\nbreak', '<b>&"\'', '{{a}}', '0', 0, 1, -1, 5, 2.5, 1e21, 1e-7, 123456789.125,
  9007199254740993, -0.0, true, false, null, '\u2028\u0001\\'];

function value(depth) {
  const kind = depth > 2 ? 0 : below(10);
  if (kind < 5) return pick(scalars);
  const size = below(4);
  if (kind < 8) return Array.from({ length: size }, () => value(depth + 1));
  return object(depth + 1, size);
}

function object(depth, size) {
  const made = {};
  for (let i = 0; i < size; ++i)
    Object.defineProperty(made, pick(names), { value: value(depth), enumerable: true, writable: true, configurable: true });
  return made;
}

const blanks = () => pick(['', '', '', ' ', '  ', '\n', '\n\n', '\r\n', '\t', ' \n ', '\u00a0']);
const inside = () => pick(['', '', '', ' ', '  ', '\n']);

function text() {
  let out = '';
  for (let i = below(3); i >= 0; --i)
    out += pick(['', 'word', '- ', 'a b', '{', '}', '{ "x": 1 }', '}}', '\n', '\n  ', '  \n', '\r\n', ' ', '\t', '\\', '\\\\', '\\{{a}}', '\\{{#if}}',
      'ü😀', '\u00a0', '"', '{% x %}', '\\\\{{a}}']);
  return out;
}

function segment() {
  const name = pick(names);
  return chance(0.15) || /^\d/.test(name) ? `[${name}]` : name;
}

function path() {
  if (chance(0.12)) return pick(['@index', '@key', '@first', '@last', '@root.a', '@root.items', '@../index', '@root.items.length']);
  if (chance(0.15)) return pick(['this', '.', '..', '../..', 'this.length', './a', 'this/b', '../this']);
  let out = '';
  while (chance(0.15)) out += '../';
  if (chance(0.08)) out += 'this.';
  out += segment();
  while (chance(0.25)) out += pick(['.', '.', '/']) + segment();
  return out;
}

function literal() {
  return pick(['"text"', "'it'", '"a \\" b"', "'a \\' b'", '""', '0', '1', '-2', '2.50', 'true', 'false', 'null', 'undefined', '"{{"', '"}}"']);
}

const expression = () => (chance(0.12) ? literal() : chance(0.1) ? `(${inside()}jsonStringify ${chance(0.2) ? literal() : path()}${inside()})` : path());

function tag(mark, body) {
  return `{{${chance(0.12) ? '~' : ''}${mark}${body}${chance(0.12) ? '~' : ''}}}`;
}

function print() {
  const what = chance(0.25) ? `jsonStringify ${expression()}` : chance(0.06) ? pick(['"text"', "'it'", '12', 'true', 'undefined', 'null', '2.50']) : path();
  const kind = below(10);
  if (kind === 0) return `{{{${inside()}${what}${inside()}}}}`;
  if (kind === 1) return `{{&${inside()}${what}${inside()}}}`;
  return tag('', inside() + what + inside());
}

const comment = () => pick(['{{! note }}', '{{!-- a {{b}} c --}}', '{{~! x ~}}', '{{!}}', '{{!----}}', '{{!-- x --~}}', '{{~!-- x --}}']);
const elseTag = () => (chance(0.1) ? tag('^', '') : tag('', `${inside()}else${inside()}`));

function block(depth) {
  const kind = pick(['if', 'if', 'unless', 'each', 'each', 'with']);
  let out = tag('#', `${inside()}${kind} ${expression()}${inside()}`) + blanks() + program(depth + 1) + blanks();
  while (chance(0.25))
    out += tag('', `${inside()}else ${pick(['if', 'unless', 'each', 'with'])} ${expression()}`) + blanks() + program(depth + 1) + blanks();
  if (chance(0.35)) out += elseTag() + blanks() + program(depth + 1) + blanks();
  return out + tag('/', inside() + kind + inside());
}

function program(depth) {
  let out = '';
  for (let i = below(depth > 2 ? 2 : 5); i >= 0; --i) {
    const kind = below(10);
    out += kind < 3 ? text() : kind < 6 ? print() : kind < 7 ? comment() : depth > 3 ? text() : block(depth);
    out += blanks();
  }
  return out;
}

// One character lost, doubled or swapped with another.
function mutated(source) {
  const characters = [...source];
  const at = below(characters.length);
  const instead = pick([[], [characters[at], characters[at]], [pick([...'{}~#/. \n\\"!^[]()-@0'])]]);
  characters.splice(at, 1, ...instead);
  return characters.join('');
}

const halfPair = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

// Whether an object or array would be printed: then we refuse to render, where npm prints "[object Object]".
class ObjectPrinted extends Error {}
Handlebars.logger.log = () => {};   // of names of the prototype
const strict = Handlebars.create();
strict.registerHelper('jsonStringify', (v) => JSON.stringify(v));
strict.registerHelper('__print', (v) => {
  if (v !== null && typeof v === 'object') throw new ObjectPrinted();
  return v == null ? v : String(v);   // else noEscape adds neighbouring numbers: {{a}}{{b}} of 1 and 2 is "3"
});
class Printing extends Handlebars.Visitor {
  constructor() { super(); this.mutating = true; }
  MustacheStatement(mustache) {
    super.MustacheStatement(mustache);
    if (mustache.params.length > 0 || mustache.path.original === 'jsonStringify') return mustache;
    const literalPath = mustache.path.parts ? mustache.path
      : { type: 'PathExpression', data: false, depth: 0, parts: [String(mustache.path.original)], original: String(mustache.path.original), loc: mustache.loc };
    const printer = { type: 'PathExpression', data: false, depth: 0, parts: ['__print'], original: '__print', loc: mustache.loc };
    return { ...mustache, path: printer, params: [literalPath] };
  }
}

function answer(source, context) {
  try {
    const ast = strict.parse(source);
    new Printing().accept(ast);
    return { text: String(strict.compile(ast, { noEscape: true })(context)) };
  } catch (error) {
    return { error: error instanceof ObjectPrinted ? 'an object is printed' : String(error.message).replace(halfPair, '?') };
  }
}

for (let made = 0; made < count;) {
  const context = JSON.parse(JSON.stringify(object(0, 6)));
  const isMutated = chance(0.2);
  const source = isMutated ? mutated(program(0) + ' ') : program(0);
  const expected = answer(source, context);
  // JavaScript's "==" fails for an object with a toString that is no function: no question for us.
  if (/primitive value/.test(expected.error)) continue;
  // Half of a surrogate pair, from an index into a text, has no UTF-8.
  if (expected.text && (halfPair.test(expected.text) || /\\ud[89a-f]/.test(expected.text))) continue;
  console.log(JSON.stringify({ template: source, context, mutated: isMutated, ...expected }));
  ++made;
}
