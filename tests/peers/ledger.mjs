// Checks a ledger with programs of others: npm canonicalize and @sigstore/verify.
// usage: node ledger.mjs FOLDER   values.jsonl, entries.jsonl and ledger/ as the unit tests write them
import { createRequire } from 'node:module';
import { createPublicKey } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const canonicalize = require('canonicalize');
// The package exports the verifier of whole bundles only; these two are its parts.
const sigstore = join(dirname(require.resolve('@sigstore/verify')), 'timestamp');
const { verifyCheckpoint } = require(join(sigstore, 'checkpoint.js'));
const { verifyMerkleInclusion } = require(join(sigstore, 'merkle.js'));

const folder = process.argv[2];
const ledger = join(folder, 'ledger');
const lines = (file) => readFileSync(file, 'utf8').split('\n').slice(0, -1);
let failures = 0;

function report(sentence, wrong) {
    console.log(`${wrong.length ? 'not ok' : 'ok'} ${sentence}`);
    for (const text of wrong.slice(0, 5)) console.log(text);
    failures += wrong.length ? 1 : 0;
}

function throws(check) {
    try { check(); return false; } catch { return true; }
}

const differs = (text) => canonicalize(JSON.parse(text)) !== text;
const values = lines(join(folder, 'values.jsonl'));
report(`npm canonicalize gives back each of ${values.length} values`, values.filter(differs));
const shards = readdirSync(ledger).filter((name) => name.startsWith('events-'));
const entries = shards.flatMap((name) => lines(join(ledger, name)));
report(`npm canonicalize gives back each of ${entries.length} lines of a ledger`, entries.filter(differs));

// An Ed25519 key as SPKI is a fixed beginning and the key (RFC 8410); sigstore finds it by the first bytes of an id.
const [, id, key] = lines(join(ledger, 'keys/log.vkey'))[0].split('+');
const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'base64').subarray(1)]);
const log = {
    logID: Buffer.from(id, 'hex'),
    publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    validFor: { start: new Date(0), end: new Date(8.64e15) },
};
const envelope = readFileSync(join(ledger, 'checkpoint'), 'utf8');
const rootHash = Buffer.from(envelope.split('\n')[2], 'base64');
const entry = (proof, line = proof.line) => ({
    integratedTime: '1',
    canonicalizedBody: Buffer.from(line),
    inclusionProof: {
        logIndex: String(proof.index), treeSize: String(proof.size), rootHash, checkpoint: { envelope },
        hashes: proof.hashes.map((hash) => Buffer.from(hash, 'base64')),
    },
});
const proofs = lines(join(folder, 'entries.jsonl')).map((line) => JSON.parse(line));
report('@sigstore/verify accepts the checkpoint', throws(() => verifyCheckpoint(entry(proofs[0]), [log])) ? ['refused'] : []);
report(`@sigstore/verify accepts ${proofs.length} proofs of inclusion`,
    proofs.filter((proof) => throws(() => verifyMerkleInclusion(entry(proof)))).map((proof) => proof.line));
report('@sigstore/verify refuses each for another line',
    proofs.filter((proof) => !throws(() => verifyMerkleInclusion(entry(proof, `${proof.line} `)))).map((proof) => proof.line));
process.exit(failures ? 1 : 0);
