// An OpenID provider (npm oidc-provider) on a loopback port; prints "ready URL" and serves until it is killed.
// usage: node issuer.mjs PORT KEYFILE   PORT 0: any free one.  The key file is made when it is missing.
// A client is named as its tokens' algorithm and roles: RS256, ES256.auditor; the secret is "secret".
// POST /control/rotate: a new key for each algorithm, the old ones stay published.  POST /control/slow?ms=N: every answer late.
import { createServer } from 'node:http';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const [port, keyFile] = process.argv.slice(2);
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
let keys = existsSync(keyFile) ? JSON.parse(readFileSync(keyFile, 'utf8')) : [];
let provider;
let pause = 0;

async function newKey(alg) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const kid = `${alg}-${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return { ...await exportJWK(privateKey), alg, use: 'sig', kid };
}

const algorithmOf = (client) => client.clientId.split('.')[0];
const rolesOf = (client) => client.clientId.split('.').slice(1);

function newProvider(issuer) {
    const ids = algorithms.flatMap((alg) => [alg, `${alg}.operator`, `${alg}.auditor`]);
    return new Provider(issuer, {
        jwks: { keys },
        clients: ids.map((id) => ({
            client_id: id, client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
        })),
        enabledJWA: { idTokenSigningAlgValues: algorithms },
        extraTokenClaims: (_, token) => ({ 'https://vaultmesh/roles': rolesOf(token.client) }),
        features: {
            clientCredentials: { enabled: true },
            devInteractions: { enabled: false },
            resourceIndicators: {
                enabled: true,
                getResourceServerInfo: (_, resource, client) => ({
                    scope: 'api', audience: resource.replace('urn:', ''), accessTokenFormat: 'jwt', accessTokenTTL: 600,
                    jwt: { sign: { alg: algorithmOf(client) } },
                }),
            },
        },
    });
}

async function rotate(issuer) {
    keys = [...await Promise.all(algorithms.map(newKey)), ...keys];
    writeFileSync(keyFile, JSON.stringify(keys), { mode: 0o600 });
    provider = newProvider(issuer).callback();
}

const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === '/control/rotate') await rotate(issuer);
    if (url.pathname === '/control/slow') pause = Number(url.searchParams.get('ms'));
    if (url.pathname.startsWith('/control/')) return response.end();
    if (pause && !url.pathname.startsWith('/token')) await sleep(pause);
    return provider(request, response);
});
await new Promise((listening) => { server.listen(Number(port), '127.0.0.1', listening); });
const issuer = `http://127.0.0.1:${server.address().port}`;
if (keys.length === 0) await rotate(issuer);
else provider = newProvider(issuer).callback();
console.log(`ready ${issuer}`);
