// Checks a ledger with programs of others: npm canonicalize and @sigstore/verify.
// usage: node ledger.mjs FOLDER   values.jsonl, entries.jsonl and ledger/ as the unit tests write them
import { createRequire } from 'node:module';
import { createHash, createPublicKey } from 'node:crypto';
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
const keyOf = (root) => {
    const [, id, ...base64] = lines(join(root, 'keys/log.vkey'))[0].split('+');   // base64 has "+" too
    return { id, key: base64.join('+') };
};
const { id, key } = keyOf(ledger);
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
// A ledger of the engine itself: the receipts that came with the acknowledgements, and its entry bundles and tiles.
const real = join(folder, 'real');
const { id: realId, key: realKey } = keyOf(real);
const realLog = {
    ...log, logID: Buffer.from(realId, 'hex'),
    publicKey: createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat(
        [Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(realKey, 'base64').subarray(1)]) }),
};
function parseReceipt(text) {
    const at = text.indexOf('\n\n');
    const [first, extra, index, ...hashes] = text.slice(0, at).split('\n');
    const note = text.slice(at + 2);
    return {
        isProof: first === 'c2sp.org/tlog-proof@v1',
        entry: {
            integratedTime: '1',
            canonicalizedBody: Buffer.from(extra.slice('extra '.length), 'base64'),
            inclusionProof: {
                logIndex: index.slice('index '.length), treeSize: note.split('\n')[1],
                rootHash: Buffer.from(note.split('\n')[2], 'base64'), checkpoint: { envelope: note },
                hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
            },
        },
    };
}
const receipts = lines(join(real, 'receipts.jsonl')).map((line) => parseReceipt(JSON.parse(line).receipt));
report(`@sigstore/verify accepts ${receipts.length} receipts of acknowledgements`, receipts.filter(({ isProof, entry: body }) =>
    !isProof || throws(() => verifyCheckpoint(body, [realLog])) || throws(() => verifyMerkleInclusion(body)))
    .map(({ entry: body }) => body.canonicalizedBody.toString()));
const bundled = [];
for (let index = 0; index * 256 < receipts.length + 1; index++) {
    const bytes = readFileSync(join(real, 'bundles/entries', String(index)));
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at))
        bundled.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)));
}
const leaves = bundled.map((entryBytes) => createHash('sha256').update(Buffer.concat([Buffer.from([0]), entryBytes])).digest());
report(`npm canonicalize gives back each of ${bundled.length} entries of bundles`, bundled.map(String).filter(differs));
const realShards = readdirSync(real).filter((name) => name.startsWith('events-')).flatMap((name) => lines(join(real, name)));
report('the bundles hold the lines of the shards', realShards.join('\n') === bundled.map(String).join('\n') ? [] : ['other lines']);
const tiles = ['000', '001', `002.p/${bundled.length - 512}`].map((path) => readFileSync(join(real, 'tile/0', path)));
report('the tiles of level 0 hold the hashes of the entries', Buffer.concat(tiles).equals(Buffer.concat(leaves)) ? [] : ['other hashes']);
const newest = { ...receipts[0].entry };
newest.inclusionProof = { ...newest.inclusionProof, checkpoint: { envelope: readFileSync(join(real, 'checkpoint'), 'utf8') } };
report('@sigstore/verify accepts the published checkpoint', throws(() => verifyCheckpoint(newest, [realLog])) ? ['refused'] : []);
process.exit(failures ? 1 : 0);
