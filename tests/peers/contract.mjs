// Asks a running server for everything in its contract, rightly and wrongly, and has prism judge the answers.
// usage: node contract.mjs CONTRACT URL ISSUER LEDGERD   prints "ok …" and "not ok …" lines; LEDGERD: its process, stopped for a moment
import { lenientJudge, send, strictJudge, verdict } from './judge.mjs';

const [contract, url, issuer, ledgerd] = process.argv.slice(2);
const json = { 'content-type': 'application/json' };
const bytes = { 'content-type': 'application/octet-stream' };
const seen = new Map();   // "get /path": the statuses
const document = JSON.parse((await send(`${url}/v1/openapi.json`)).text);
const [strict, lenient] = await Promise.all([strictJudge(contract, url), lenientJudge(contract, url)]);
let failures = 0;

function report(sentence, problem) {
    console.log(problem ? `not ok ${sentence}\n${problem}` : `ok ${sentence}`);
    if (problem) failures += 1;
}

async function token(client) {
    const body = `grant_type=client_credentials&resource=urn:forge&scope=api&client_id=${client}&client_secret=secret`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return JSON.parse((await send(`${issuer}/token`, { method: 'POST', headers, body })).text).access_token;
}
const [operator, guest, busy] = await Promise.all(['ES256.operator', 'ES256', 'PS256.operator'].map(token));

const pattern = (path) => new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]*\}/g, '[^/]+')}$`);
const paths = Object.keys(document.paths).sort((a, b) => a.includes('{') - b.includes('{'));
function operationOf(method, address) {
    const path = paths.find((candidate) => pattern(candidate).test(address.split('?')[0]));
    return path && document.paths[path][method] ? `${method} ${path}` : undefined;
}

/** One request; `want` is the status or "status code".  Right requests go to the strict judge. */
async function ask(line, want, { as = operator, headers = {}, body, through } = {}) {
    const [method, address] = line.split(' ');
    const authorization = as ? { authorization: `Bearer ${as}` } : {};
    const judge = through ?? (Number.parseInt(want, 10) < 400 ? strict : lenient);
    const answer = await judge(address, { method, headers: { ...authorization, ...headers }, body });
    const code = answer.headers['content-type']?.includes('json') && answer.text.startsWith('{"ok":false') ? JSON.parse(answer.text).error ?? '' : '';
    const was = `${answer.status} ${code}`.trim();
    const problem = verdict(answer) || (was === want ? '' : `it was ${was}: ${answer.text.slice(0, 300)}`);
    report(`${line.slice(0, 90)} is ${want}`, problem);
    const operation = operationOf(method.toLowerCase(), address);
    if (operation && !problem) seen.set(operation, (seen.get(operation) ?? new Set()).add(String(answer.status)));
    return answer;
}
const run = (more) => ({ headers: json, body: JSON.stringify({ templateId: 'demo.echo', args: { message: 'hello' }, ...more }) });

// Open to anyone.
for (const path of ['/v1/health', '/v1/ready', '/v1/openapi.json', '/v1/ui-config', '/metrics', '/metrics/forge', '/v1/guardian/mode'])
    await ask(`GET ${path}`, '200', { as: '' });
await ask('HEAD /v1/guardian/mode', '204', { as: '' });
await ask('GET /guardian/ask', '405 method_not_allowed', { as: '', through: strict });

// The development signer; to others than loopback clients with a loopback Host it is not there, which tests/signer.test looks at.
await ask('GET /dev/jwks.json', '200', { as: '' });
await ask('POST /v1/dev/token', '200', { as: '', headers: json, body: '{"sub":"ci","roles":["auditor"]}' });
await ask('POST /v1/dev/token', '400 bad_json', { as: '', headers: json, body: '{"sub":' });
await ask('POST /v1/dev/token', '415 unsupported_media_type', { as: '', headers: { 'content-type': 'text/plain' }, body: '{}' });
await ask('POST /v1/dev/token', '413 body_too_large', { as: '', headers: json, body: ' '.repeat(1_100_000) });

// Runs.
const done = JSON.parse((await ask('POST /v1/api/execute', '200', run())).text);
await ask('POST /v1/api/execute', '200', run({ templateId: 'cyber.secrets_audit', profile: 'vault', args: { text: 'key = AKIAIOSFODNN7EXAMPLE' } }));
await ask('POST /run/demo.echo@1.0.0', '200', { headers: json, body: '{"args":{"message":"hello"}}' });
await ask('GET /v1/api/executions?limit=2&status=ok&template=demo.echo', '200');
await ask(`GET /v1/api/executions/${done.eventId}`, '200');
const keyed = (request) => ({ ...request, headers: { ...request.headers, 'idempotency-key': 'contract-1' } });
const later = (request) => ({ ...request, headers: { ...request.headers, prefer: 'respond-async' } });
const again = { 'last-event-id': `${done.eventId}:1` };
await ask('POST /v1/api/execute', '200', keyed(run()));
await ask('POST /v1/api/execute', '409 idempotency_mismatch', keyed(run({ profile: 'vault' })));
await ask('POST /v1/api/execute', '202', later(run()));
const old = { headers: json, body: '{"args":{"message":"hello"}}' };
await ask('POST /run/demo.echo', '200', keyed(old));
await ask('POST /run/demo.echo', '409 idempotency_mismatch', keyed({ ...old, body: '{"args":{"message":"bye"}}' }));
await ask('POST /run/demo.echo', '202', later(old));
const streamed = '/v1/api/execute/stream';
const query = `${streamed}?templateId=demo.echo&args=${encodeURIComponent('{"message":"hello"}')}`;
await ask(`GET ${query}`, '200', keyed({}));
await ask(`GET ${query}&profile=vault`, '409 idempotency_mismatch', keyed({}));
await ask(`GET ${query}`, '204', { headers: again });
await ask(`GET ${streamed}`, '400 invalid_request');
await ask(`GET ${streamed}?templateId=demo.echo&args=1`, '400 invalid_request');
await ask(`GET ${streamed}?templateId=demo.none`, '404 template_not_found');
const watched = (request) => ({ ...request, headers: { ...request.headers, 'idempotency-key': 'contract-2' } });
for (const _ of [1, 2]) await ask(`POST ${streamed}`, '200', watched(run()));
await ask(`POST ${streamed}`, '409 idempotency_mismatch', watched(run({ profile: 'vault' })));
await ask(`POST ${streamed}`, '204', { ...run(), headers: { ...json, ...again } });
await ask(`POST ${streamed}`, '404 template_not_found', run({ templateId: 'demo.none' }));
await ask(`GET /v1/api/executions/${done.eventId}/stream`, '200');
await ask(`GET /v1/api/executions/${done.eventId}/stream`, '204', { headers: again });
await ask('GET /v1/api/executions/none/stream', '404 run_not_found');
await ask('DELETE /v1/api/executions/none', '404 run_not_found');
await ask(`DELETE /v1/api/executions/${done.eventId}`, '409 already_ended');
await ask('POST /v1/api/evidence?name=settings.env', '200', { headers: bytes, body: 'A=1' });
for (const path of ['/v1/api/execute', streamed, '/run/demo.echo', '/guardian/ask']) {
    await ask(`POST ${path}`, '400 bad_json', { headers: json, body: '{"templateId":' });
    await ask(`POST ${path}`, '415 unsupported_media_type', { headers: { 'content-type': 'text/plain' }, body: '{}' });
    await ask(`POST ${path}`, '413 body_too_large', { headers: json, body: ' '.repeat(1_100_000) });
}
await ask('POST /v1/api/execute', '400 invalid_request', { headers: json, body: '{}' });
await ask('POST /v1/api/execute', '400 invalid_args', run({ args: { message: 5 } }));
await ask('POST /v1/api/execute', '400 unknown_profile', run({ profile: 'none-such' }));
await ask('POST /v1/api/execute', '404 template_not_found', run({ templateId: 'demo.none' }));
await ask('POST /run/demo.none', '404 template_not_found', { headers: json, body: '{}' });
await ask('GET /v1/api/executions?limit=0', '400 invalid_request');
await ask('GET /v1/api/executions/none', '404 run_not_found');
await ask('POST /v1/api/evidence', '400 evidence_empty', { headers: bytes, body: '' });
await ask('POST /v1/api/evidence', '415 unsupported_media_type', { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: 'x' });
await ask('POST /v1/api/evidence', '413 body_too_large', { headers: { ...bytes, 'content-length': 70_000_000 }, body: 'x' });

// Templates.
for (const path of ['/v1/api/templates', '/templates']) {
    const list = await ask(`GET ${path}?limit=2`, '200');
    await ask(`GET ${path}?limit=2&cursor=${list.headers['x-next-cursor']}`, '200');
    await ask(`GET ${path}?limit=2`, '304', { headers: { 'if-none-match': list.headers.etag } });
    await ask(`GET ${path}?limit=0`, '400 invalid_request');
    await ask(`GET ${path}?cursor=nonsense`, '400 invalid_request');
}
for (const path of ['/v1/api/templates/demo.echo', '/v1/openapi.json', '/v1/guardian/mode']) {
    const { headers } = await ask(`GET ${path}`, '200');
    await ask(`GET ${path}`, '304', { headers: { 'if-none-match': headers.etag } });
}
await ask('GET /v1/api/templates/count?filter=cyber', '200');
await ask(`GET /v1/api/templates/count?filter=${'x'.repeat(201)}`, '400 invalid_request');
await ask('GET /v1/api/templates/demo.echo@9.9.9', '404 template_not_found');

// The ledger and its log.
for (const path of ['/v1/api/ledger/events', '/ledger']) {
    await ask(`GET ${path}?limit=1`, '200');
    await ask(`GET ${path}?type=run.started&limit=1`, '200');
    await ask(`GET ${path}?since=yesterday`, '400 invalid_request');
}
await ask(`GET /v1/api/ledger/events/${done.eventId}`, '200');
await ask('GET /v1/api/ledger/events/ledger.genesis', '200');
await ask(`GET /v1/api/ledger/events/${done.eventId}/receipt`, '200');
await ask('GET /v1/api/ledger/stats', '200');
await ask('GET /v1/api/ledger/events/none', '404 event_not_found');
await ask('GET /v1/api/ledger/events/none/receipt', '404 event_not_found');
const size = (await ask('GET /v1/ledger/checkpoint', '200', { as: '' })).text.split('\n')[1];
await ask(`GET /v1/ledger/tile/0%2F000.p%2F${size}`, '200', { as: '' });
await ask(`GET /v1/ledger/tile/entries/000.p%2F${size}`, '200');
await ask(`GET /v1/ledger/consistency?from=1&to=${size}`, '200', { as: '' });
await ask('GET /v1/ledger/tile/none', '404 not_found', { as: '' });
await ask('GET /v1/ledger/tile/entries/none', '404 not_found');
await ask('GET /v1/ledger/consistency?from=0&to=1', '400 invalid_request', { as: '' });
await ask('GET /v1/ledger/day/none', '404 not_found', { as: '' });

// Health and the guardian.
await ask('GET /v1/api/health', '200');
await ask('GET /v1/api/health/deep', '200');
await ask('POST /guardian/ask', '200', { headers: json, body: '{"input":"Which runs failed?"}' });
await ask('POST /guardian/ask', '400 invalid_request', { headers: json, body: '{"input":" "}' });

// A stream, which no judge can wait for; the second one of an address is too much here.
await new Promise((finished, failed) => {
    fetch(`${url}/v1/tick/stream`).then(async (stream) => {
        const reader = stream.body.getReader();
        let text = '';
        while (!text.includes('event: tick')) text += new TextDecoder().decode((await reader.read()).value);
        const described = Object.keys(document.paths['/v1/tick/stream'].get.responses['200'].content);
        report('the ticks are what the contract says', described.includes(stream.headers.get('content-type')) && text.includes('event: hello') ? '' : text);
        seen.set('get /v1/tick/stream', new Set(['200']));
        await ask('GET /v1/tick/stream', '503 sse_capacity', { as: '' });
        await reader.cancel();
    }).then(finished, failed);
});

// Whoever may not: each route, without a token, with a wrong one, and without a role.
for (const path of paths)
    for (const [method, operation] of Object.entries(document.paths[path])) {
        const line = `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, 'none')}`;
        const body = method === 'post' ? { headers: json, body: '{}' } : {};
        if (operation.security) continue;
        await ask(line, '401 missing_bearer', { ...body, as: '' });
        await ask(line, '401 invalid_token', { ...body, as: 'x.y.z' });
        if (operation.responses['403']) await ask(line, '403 forbidden', { ...body, as: guest });
    }

// Whoever comes too often.
for (const path of paths)
    for (const [method, operation] of Object.entries(document.paths[path])) {
        if (!operation.responses['429'] || method === 'head') continue;   // prism wants the body that HEAD has not
        const line = `${method.toUpperCase()} ${path.replace('{id}', 'none')}`;
        const authorization = operation.security ? {} : { authorization: `Bearer ${busy}` };
        const request = { method: method.toUpperCase(), headers: { ...json, ...authorization }, body: method === 'post' ? '{}' : undefined };
        for (let left = 100; left > 0 && (await send(url + line.split(' ')[1], request)).status !== 429;) left -= 1;
        await ask(line, '429 rate_limited', { as: operation.security ? '' : busy, headers: json, body: request.body });
    }

// The ledger does not answer.
process.kill(Number(ledgerd), 'SIGSTOP');
const unavailable = { '/v1/api/execute': run(), '/run/demo.echo': run(), '/v1/api/executions': {}, '/v1/ready': {} };
for (const [path, request] of Object.entries(unavailable))
    await ask(`${request.body ? 'POST' : 'GET'} ${path}`, path === '/v1/ready' ? '503' : '500 ledger_unavailable', request);
process.kill(Number(ledgerd), 'SIGCONT');

// What the contract says and nothing above showed.  These want a broken disk, a model, a day that is over, or another network.
const elsewhere = /^(410|422|500|502|503|504|default)$/;
const unseen = paths.flatMap((path) => Object.entries(document.paths[path]).flatMap(([method, { responses }]) => Object.keys(responses)
    .filter((status) => !elsewhere.test(status) && !seen.get(`${method} ${path}`)?.has(status)).map((status) => `${method} ${path} ${status}`)));
const known = ['get /metrics 403', 'get /v1/ledger/day/{day} 200', 'get /v1/ledger/checkpoint 404', 'get /v1/ledger/consistency 404',
    'get /v1/openapi.json 404', 'get /dev/jwks.json 404', 'delete /v1/api/executions/{id} 200', 'delete /v1/api/executions/{id} 202',
    'post /v1/dev/token 404', 'head /v1/guardian/mode 304', 'head /v1/guardian/mode 429'];
report('every status of the contract was seen', unseen.filter((one) => !known.includes(one)).join('\n'));
process.exit(failures ? 1 : 0);
