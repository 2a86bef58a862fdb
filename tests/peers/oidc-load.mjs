// Sends requests with tokens of an issuer at a steady rate, and counts the answers.
// usage: node oidc-load.mjs URL ISSUER SECONDS [RATE]   prints {"sent":N,"statuses":{"200":N},"tokens":N,"slowest":ms}
// Each second it asks for a new token of the next algorithm; while the issuer is down it goes on with those it has.
import { Agent, request } from 'node:http';

const [url, issuer, seconds, rate = '200'] = process.argv.slice(2);
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const tokens = [];
const counts = { sent: 0, statuses: {}, tokens: 0, slowest: 0 };

function send(address, options, body = '') {
    return new Promise((done) => {
        const sent = request(address, { agent, timeout: 10_000, ...options }, (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => done({ status: answer.statusCode, text }));
        });
        sent.on('timeout', () => sent.destroy()).on('error', (error) => done({ status: error.code ?? 'error', text: '' }));
        sent.end(body);
    });
}

async function renew() {
    const client = `${algorithms[counts.tokens % 4]}.operator`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `grant_type=client_credentials&resource=urn:forge&scope=api&client_id=${client}&client_secret=secret`;
    const { status, text } = await send(`${issuer}/token`, { method: 'POST', headers, agent: undefined }, body);
    if (status !== 200) return;
    tokens[counts.tokens % 4] = JSON.parse(text).access_token;
    counts.tokens += 1;
}

async function ask() {
    const held = tokens.filter(Boolean);
    const token = held[counts.sent % held.length];
    counts.sent += 1;
    const begin = performance.now();
    const { status, text } = await send(`${url}/v1/api/templates?limit=1`, { headers: { authorization: `Bearer ${token}` } });
    const name = status === 200 ? 200 : `${status} ${text && (JSON.parse(text).detail ?? '')}`;
    counts.statuses[name] = (counts.statuses[name] ?? 0) + 1;
    counts.slowest = Math.max(counts.slowest, Math.round(performance.now() - begin));
}

for (let i = 0; i < 4; i += 1) await renew();
const begin = performance.now();
const open = new Set();
let renewed = begin;
while (performance.now() - begin < Number(seconds) * 1000) {
    const due = Math.floor((performance.now() - begin) / 1000 * Number(rate));
    while (counts.sent < due) {
        const asked = ask().finally(() => open.delete(asked));
        open.add(asked);
    }
    if (performance.now() - renewed > 250) {
        renewed = performance.now();
        renew();
    }
    await new Promise((next) => { setTimeout(next, 5); });
}
await Promise.all(open);
console.log(JSON.stringify(counts));
process.exit(0);
