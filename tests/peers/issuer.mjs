// An OpenID provider (npm oidc-provider) on a loopback port; prints "ready URL" and serves until it is killed.
// usage: node issuer.mjs PORT KEYFILE   PORT 0: any free one.  The key file is made when it is missing.
// A client is named as its tokens' algorithm and roles: RS256, ES256.auditor; the secret is "secret".
// A client whose name ends in .cli is public: it has the device code and refreshing, for the person "ada".
// POST /control/decide?code=C&approve=1: she says yes to the user code C, or no (without approve).
// POST /control/rotate: a new key for each algorithm, the old ones stay published.  POST /control/slow?ms=N: every answer late.
// POST /control/lifetime?s=N: of the access tokens that are given from then on.
import { createServer } from 'node:http';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const [port, keyFile] = process.argv.slice(2);
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
let keys = existsSync(keyFile) ? JSON.parse(readFileSync(keyFile, 'utf8')) : [];
let provider;
let oidc;
let pause = 0;
let lifetime = 600;

async function newKey(alg) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const kid = `${alg}-${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return { ...await exportJWK(privateKey), alg, use: 'sig', kid };
}

const algorithmOf = (client) => client.clientId.split('.')[0];
const rolesOf = (client) => client.clientId.split('.').slice(1);

const resource = 'urn:forge';

async function decide(userCode, approve) {
    const code = await oidc.DeviceCode.findByUserCode(userCode.replace(/[^A-Za-z]/g, '').toUpperCase());
    if (approve) {
        const grant = new oidc.Grant({ accountId: 'ada', clientId: code.clientId });
        grant.addOIDCScope('openid offline_access');
        grant.addResourceScope(resource, 'api');
        Object.assign(code, { accountId: 'ada', grantId: await grant.save(), scope: 'openid offline_access api', resource, claims: {} });
    } else {
        code.error = 'access_denied';
    }
    await code.save();
}

function newProvider(issuer) {
    const ids = algorithms.flatMap((alg) => [alg, `${alg}.operator`, `${alg}.auditor`]);
    const machines = ids.map((id) => ({
        client_id: id, client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    }));
    const people = ids.map((id) => ({
        client_id: `${id}.cli`, token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: [], response_types: [],
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    }));
    return new Provider(issuer, {
        jwks: { keys },
        clients: [...machines, ...people],
        ttl: { DeviceCode: 60 },
        enabledJWA: { idTokenSigningAlgValues: algorithms },
        extraTokenClaims: (_, token) => ({ 'https://vaultmesh/roles': rolesOf(token.client) }),
        features: {
            clientCredentials: { enabled: true },
            devInteractions: { enabled: false },
            deviceFlow: { enabled: true },
            resourceIndicators: {
                enabled: true,
                getResourceServerInfo: (_, resource, client) => ({
                    scope: 'api', audience: resource.replace('urn:', ''), accessTokenFormat: 'jwt', accessTokenTTL: lifetime,
                    jwt: { sign: { alg: algorithmOf(client) } },
                }),
            },
        },
    });
}

async function rotate(issuer) {
    keys = [...await Promise.all(algorithms.map(newKey)), ...keys];
    writeFileSync(keyFile, JSON.stringify(keys), { mode: 0o600 });
    serve(issuer);
}

function serve(issuer) {
    oidc = newProvider(issuer);
    provider = oidc.callback();
}

const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === '/control/rotate') await rotate(issuer);
    if (url.pathname === '/control/decide') await decide(url.searchParams.get('code'), url.searchParams.has('approve'));
    if (url.pathname === '/control/lifetime') lifetime = Number(url.searchParams.get('s'));
    if (url.pathname === '/control/slow') pause = Number(url.searchParams.get('ms'));
    if (url.pathname.startsWith('/control/')) return response.end();
    if (pause && !url.pathname.startsWith('/token')) await sleep(pause);
    return provider(request, response);
});
await new Promise((listening) => { server.listen(Number(port), '127.0.0.1', listening); });
const issuer = `http://127.0.0.1:${server.address().port}`;
if (keys.length === 0) await rotate(issuer);
else serve(issuer);
console.log(`ready ${issuer}`);
