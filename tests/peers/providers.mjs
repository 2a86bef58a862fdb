// The official clients of OpenAI, Anthropic and Ollama against our test's model server: that it speaks their protocols is
// what makes it a judge of ours.  Usage: providers.mjs URL.  Prints "ok what" and "not ok what: why" lines.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {Ollama} from 'ollama';

const url = process.argv[2];
const openai = new OpenAI({baseURL: `${url}/v1`, apiKey: 'sk-1', maxRetries: 0});
const failing = new OpenAI({baseURL: `${url}/TIMES-1-STATUS-429-AFTER-0/v1`, apiKey: 'sk-1', maxRetries: 1});
const anthropic = new Anthropic({baseURL: url, apiKey: 'sk-1', maxRetries: 0});
const ollama = new Ollama({host: url});

const question = '{"a": "ünï 😀"}';
const messages = [{role: 'user', content: question}];
const model = 'small';
const schema = {type: 'object', properties: {a: {type: 'string'}}};
const tool = {name: 'output', input_schema: schema};

let failures = 0;
async function check(what, expected, made) {
    let was;
    try {
        was = await made();
    } catch (error) {
        was = error;
    }
    const good = String(was) === String(expected);
    failures += good ? 0 : 1;
    console.log(good ? `ok ${what}` : `not ok ${what}: ${was}`);
}

async function text(stream, part) {
    let all = '';
    for await (const piece of stream) all += part(piece) ?? '';
    return all;
}

await check('openai: a whole answer', question + ' 18', async () => {
    const made = await openai.chat.completions.create({model, messages});
    return `${made.choices[0].message.content} ${made.usage.total_tokens}`;
});
await check('openai: a stream', question, async () =>
    text(await openai.chat.completions.create({model, messages, stream: true, stream_options: {include_usage: true}}),
        (chunk) => chunk.choices[0]?.delta?.content));
await check('openai: the id of the request', true, async () =>
    (await openai.chat.completions.create({model, messages}))._request_id.startsWith('req_'));
await check('openai: 429 with Retry-After is tried again', question, async () =>
    (await failing.chat.completions.create({model, messages})).choices[0].message.content);
await check('openai: an error is one', 'RateLimitError', async () =>
    openai.chat.completions.create({model, messages: [{role: 'user', content: 'STATUS 429'}]}).then(String, (error) => error.constructor.name));
await check('openai: a refusal', 'content_filter', async () =>
    (await openai.chat.completions.create({model, messages: [{role: 'user', content: 'REFUSE {}'}]})).choices[0].finish_reason);

await check('anthropic: a tool that must be used', '{"a":"ünï 😀"} 7', async () => {
    const made = await anthropic.messages.create({model, max_tokens: 9, messages, tools: [tool], tool_choice: {type: 'tool', name: 'output'}});
    return `${JSON.stringify(made.content[0].input)} ${made.usage.output_tokens}`;
});
await check('anthropic: a stream', question, async () =>
    text(await anthropic.messages.create({model, max_tokens: 9, messages, stream: true}), (event) => event.delta?.partial_json));

await check('ollama: a whole answer', question + ' 7', async () => {
    const made = await ollama.chat({model, messages, format: schema});
    return `${made.message.content} ${made.eval_count}`;
});
await check('ollama: a stream', question, async () =>
    text(await ollama.chat({model, messages, stream: true}), (line) => line.message.content));
process.exit(failures > 0 ? 1 : 0);
