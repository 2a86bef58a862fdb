// Requests that go through prism, which holds the answers against the contract.
import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';

const prism = new URL('node_modules/.bin/prism', import.meta.url).pathname;

/** One request as it is given, wrong lengths and all. */
export function send(address, { method = 'GET', headers = {}, body } = {}) {
    return new Promise((done, failed) => {
        const sent = request(address, { method, headers, timeout: 20_000 }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part)).on('end', () => {
                done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() });
            });
        });
        sent.on('timeout', () => sent.destroy(new Error('no answer within 20 s'))).on('error', failed);
        sent.end(body);
    });
}

async function listening(handler) {
    const server = createServer(handler);
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    return server;
}

async function freePort() {
    const server = await listening();
    const { port } = server.address();
    await new Promise((closed) => { server.close(closed); });
    return port;
}

async function startPrism(contract, url, words) {
    const port = await freePort();
    const child = spawn(process.execPath, [prism, 'proxy', contract, url, '--errors', '--port', port, ...words], { stdio: 'ignore' });
    process.on('exit', () => child.kill());
    const base = `http://127.0.0.1:${port}`;
    for (let left = 600; ; left -= 1) {
        try {
            await send(`${base}/v1/health`);
            return base;
        } catch (error) {
            if (left === 0) throw new Error(`prism does not start: ${error.message}`);
            await new Promise((next) => { setTimeout(next, 50); });
        }
    }
}

/** Judges requests and answers: gives a function like send that takes paths. */
export async function strictJudge(contract, url) {
    const base = await startPrism(contract, url, []);
    return (path, request) => send(base + path, request);
}

/**
 * Judges answers to wrong requests.  Prism itself answers some of them (no token, no JSON), so it is shown a harmless one, and
 * behind it stands who sends the server the wrong one.  One request at a time.
 */
export async function lenientJudge(contract, url) {
    let wanted = {};
    const swap = await listening(async (shown, answer) => {
        const real = await send(url + shown.url, { method: shown.method, ...wanted });
        answer.writeHead(real.status, real.headers).end(real.text);
    });
    swap.unref();
    const base = await startPrism(contract, `http://127.0.0.1:${swap.address().port}`, ['--validate-request=false']);
    return (path, { method, headers, body }) => {
        wanted = { headers, body };
        const harmless = body === undefined ? {} : { 'content-type': 'application/octet-stream' };
        return send(base + path, { method, headers: { ...harmless, authorization: 'Bearer x' }, body: body === undefined ? body : 'x' });
    };
}

/** What prism finds wrong with an answer, in a line; nothing when it is as the contract says. */
export function verdict(answer) {
    if (!answer.headers['content-type']?.startsWith('application/problem+json')) return '';
    const problem = JSON.parse(answer.text || '{"title":"prism refuses it"}');
    const places = (problem.validation ?? []).map(({ location, message }) => `${location.join('.')}: ${message}`);
    return [problem.title, ...places].join('; ');
}
